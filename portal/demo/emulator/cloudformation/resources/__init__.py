"""The resource types that the emulator carries out, one module per service."""

"""`python -m portal.demo` is `manage.py demo` without first loading Django: two seconds sooner."""

from portal.demo.supervisor import main

raise SystemExit(main())

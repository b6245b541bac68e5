"""AWS::EC2: networks.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

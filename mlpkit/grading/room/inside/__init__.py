"""What runs inside the sandbox: nothing here knows of tests, marks or other submissions."""

"""``python -m garita`` is the command ``garita``."""

from garita.cli import main

# Worker processes import this module again under another name and must not start the command.
if __name__ == "__main__":
    main()

"""``python -m garita`` is the command ``garita``."""

from garita.cli import main

if __name__ == "__main__":
    main()

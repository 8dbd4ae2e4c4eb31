"""``python -m radiotui``."""

import sys

from radiotui.cli import main

if __name__ == "__main__":
    sys.exit(main())

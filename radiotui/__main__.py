"""``python -m radiotui``."""

import sys

from radiotui.cli.parser import main

if __name__ == "__main__":
    sys.exit(main())

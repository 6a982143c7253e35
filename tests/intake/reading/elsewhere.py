"""The warm process on a machine whose calls nobody wrote down."""

import platform

from insight_kernel.intake.reading.warm import main

if __name__ == "__main__":
    platform.machine = lambda: "elsewhere"
    main()

"""Makes the modules of this directory importable by its benchmarks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

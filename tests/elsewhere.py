"""Settings under which a process acts as another machine: other settings of what might change a byte, an older CPU."""

import numpy as np

#: Hash seed, time zone, locale, threads.
ELSEWHERE = {
    "PYTHONHASHSEED": "7", "TZ": "Pacific/Apia", "LC_ALL": "C", "POLARS_MAX_THREADS": "3", "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2", "RAYON_NUM_THREADS": "3",
}  # fmt: skip
#: A processor without wide vectors and fused multiplication, to numpy's loops and to the C library's mathematics.
OLDER_CPU = {
    "NPY_DISABLE_CPU_FEATURES": " ".join(np.show_config("dicts")["SIMD Extensions"].get("found", [])),
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-FMA,-FMA4",
}

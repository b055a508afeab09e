"""Who cuts a run of Han characters into words: jieba, or its port to Rust, which gives the same words."""

import logging
import warnings
from collections.abc import Callable, Sequence
from functools import cache

ENGINES = ("rjieba", "jieba")

Cutter = Callable[[Sequence[str]], list[str]]
_BREAK = "\n"


@cache
def cut_with(engine: str) -> Cutter:
    """Return the function that cuts Han runs, with a tokenizer of its own and no state shared with other code.

    The method is jieba's (Sun Junyi, 2012): the most probable path through its word frequencies, and a hidden Markov
    model for what the dictionary lacks. Runs are cut independently of each other.

    Parameters
    ----------
    engine : {'rjieba', 'jieba'}

    Returns
    -------
    callable
        From runs (Han characters only) to their words, one run after the other; no word crosses from run to run.

    Examples
    --------
    >>> cut_with("rjieba")(["增长大大超过", "移动电话"])
    ['增长', '大大', '超过', '移动电话']
    """
    if engine == "rjieba":
        return _port()
    return _reference()


def _port() -> Cutter:
    import rjieba

    tokenizer = rjieba.Jieba()

    def cut(runs: Sequence[str]) -> list[str]:
        # One call for all runs: a line break ends a run for jieba, and calls cost more than the cutting.
        return list(filter(_BREAK.__ne__, tokenizer.cut(_BREAK.join(runs), True)))

    return cut


def _reference() -> Cutter:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1: invalid escapes and pkg_resources on newer Pythons
        import jieba
    tokenizer = jieba.Tokenizer()
    _load_without_cache(tokenizer)
    return lambda runs: [word for run in runs for word in tokenizer.cut(run, HMM=True)]


def _load_without_cache(tokenizer: object) -> None:
    """Load jieba's dictionary in memory only.

    By itself it unmarshals a cache with a predictable name from the shared temporary folder, which anyone may have
    written, and reports to stderr.
    """
    logging.getLogger("jieba").setLevel(logging.ERROR)
    frequencies, total = tokenizer.gen_pfdict(tokenizer.get_dict_file())  # type: ignore[attr-defined]
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True  # type: ignore[attr-defined]

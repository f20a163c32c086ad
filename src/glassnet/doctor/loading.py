"""From FILE.py[:NAME] to a function or class of the learner's: the file is run, and the thing found in it."""

import importlib.util
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from glassnet.doctor.calls import AS_SCRIPT, CodeError, running
from glassnet.doctor.forms import subject
from glassnet.doctor.subject import Subject

DEFAULT = "loss_and_grads"


class File(NamedTuple):
    """A learner's file that has been run, and what in it is to be checked."""

    path: Path
    name: str
    code: Any
    module: ModuleType

    def subject(
        self, example: Any = None, *, make: Callable[..., Any] | None = None, seed: int = 0
    ) -> Subject:
        """Return what the examination sees, with the file's own `example` and `make` unless others are given.

        Raises ValueError, as `forms.subject` does.
        """
        own = vars(self.module)
        if example is None:
            example = own.get("example")
        if make is None and isinstance(self.code, type):
            make = own.get("make")
        _check_functions(self.path, example, make, _form(self.code))
        return subject(self.code, example, make=make, name=self.name, seed=seed)


@contextmanager
def loaded(spec: str) -> Iterator[File]:
    """Run FILE.py of "FILE.py" or "FILE.py:NAME" and find NAME in it; its folder is importable meanwhile.

    Raises ValueError, in one line, for a file that is not there or not Python or lacks what is asked for, and
    CodeError for what it raises itself.
    """
    path, name = parted(spec)
    code = _compiled(path)
    folder = str(path.resolve().parent)
    before = set(sys.modules)
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        module = _run(path, code)
        yield File(path, *_chosen(path, name, module), module)
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
        for new in set(sys.modules) - before:  # so that an edited neighbour is read anew next time
            file = getattr(sys.modules[new], "__file__", None)
            if file and Path(file).resolve().is_relative_to(folder) and "site-packages" not in file:
                del sys.modules[new]


def parted(spec: str) -> tuple[Path, str | None]:
    """Return the file of FILE.py[:NAME], which has to be there, and the name."""
    file, colon, name = spec.rpartition(":")
    if not colon or not re.fullmatch(r"\w*", name) or Path(spec).exists():  # C:\file.py has a colon too
        return _checked(Path(spec)), None
    if not name.isidentifier():
        raise ValueError(f"{file}: expected the name of a function or class after the colon, got {name!r}")
    return _checked(Path(file)), name


def _checked(path: Path) -> Path:
    if path.is_dir():
        raise ValueError(f"{path}: expected a Python file, got a folder")
    if not path.exists():
        raise ValueError(f"{path}: expected a Python file, found no such file")
    return path


def _compiled(path: Path) -> Any:
    """Return the file's code, without running it."""
    if path.suffix == ".ipynb":
        raise ValueError(
            f"{path}: expected a Python file, got a notebook; export it, or use check_gradient in it"
        )
    try:
        return compile(path.read_bytes(), str(path.absolute()), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = (error.text or "").strip()
        where = f"{path}, line {error.lineno}" if error.lineno else str(path)
        shown = f": {line}" if line else ""
        if line.startswith(("%", "!")):
            shown += "; such lines are for notebooks alone"
        raise ValueError(f"{where}: expected Python, got {error.msg}{shown}") from None
    except ValueError as error:  # null bytes, in some versions of Python
        raise ValueError(f"{path}: expected Python, got {error}") from None


def _run(path: Path, code: Any) -> ModuleType:
    """Run the file as a module of its own name, which is not __main__."""
    name = path.stem if path.stem.isidentifier() and path.stem not in sys.modules else f"checked_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None:  # the name does not end in .py
        spec = importlib.util.spec_from_loader(name, loader=None)
        assert spec is not None
    module = importlib.util.module_from_spec(spec)
    module.__file__ = str(path.resolve())
    sys.modules[name] = module
    arguments, sys.argv = sys.argv, [str(path)]  # ours are none of its business
    try:
        with running(str(path), 0):
            exec(code, vars(module))
    except CodeError as error:
        cause = error.__cause__
        if isinstance(cause, ModuleNotFoundError) and cause.name:
            what = f"{cause.name}, which is not installed or beside the file"
            raise CodeError(f"{path}: imports {what}", error.traceback) from cause
        if isinstance(cause, NameError) and cause.name == "get_ipython":
            raise CodeError(f"{error}; such lines are for notebooks alone", error.traceback) from cause
        if isinstance(cause, SystemExit | EOFError):
            raise CodeError(f"{error}; {AS_SCRIPT}", error.traceback) from cause
        raise
    finally:
        sys.argv = arguments
    return module


# ---- what is in it


def _chosen(path: Path, name: str | None, module: ModuleType) -> tuple[str, Any]:
    """Return what is to be checked, by name: the one asked for, the default, or the only one there is."""
    inside = vars(module)
    able = {
        n: value
        for n, value in inside.items()
        if isinstance(value, type) and _goes_both_ways(value) and not inspect.isabstract(value)
    }
    classes = {n: value for n, value in able.items() if value.__module__ == module.__name__} or able
    functions = [
        n
        for n, value in inside.items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and n not in ("example", "make")
    ]
    if name is None:
        if callable(inside.get(DEFAULT)):
            return DEFAULT, inside[DEFAULT]
        if len(classes) == 1:
            return next(iter(classes.items()))
    elif name in inside:
        return name, _usable(path, name, inside[name])
    listed = [*(f"{n}()" for n in functions), *(f"class {n}" for n in classes)]
    there = ", ".join(listed[:12]) or "no functions and no classes with forward and backward"
    others = [n for n, v in inside.items() if isinstance(v, type) and v.__module__ == module.__name__]
    if others and not listed:
        there += f"; {others[0]} has not both"
    asked = f"{DEFAULT} or one class with forward and backward" if name is None else name
    hint = f"; say which, as in {path}:{[*classes, *functions][0]}" if name is None and listed else ""
    raise ValueError(f"{path}: expected {asked}, found {there}{hint}")


def _usable(path: Path, name: str, value: Any) -> Any:
    if _goes_both_ways(value) or (callable(value) and not isinstance(value, type)):
        return value
    what = "a class without them" if isinstance(value, type) else f"a {type(value).__name__}"
    raise ValueError(f"{path}: expected {name} to be a function, or to have forward and backward, got {what}")


def _goes_both_ways(value: Any) -> bool:
    return callable(getattr(value, "forward", None)) and callable(getattr(value, "backward", None))


def _form(code: Any) -> str:
    return "an array x" if _goes_both_ways(code) else "(params, x, y)"


def _check_functions(path: Path, example: Any, make: Any, form: str) -> None:
    if example is None:
        raise ValueError(
            f"{path}: expected a function example(rng) that returns {form}, found none (see --template)"
        )
    if make is not None and not callable(make):
        raise ValueError(f"{path}: expected make to be a function of rng, got {type(make).__name__}")

import pytest

from mutants.programs import FOLDERS, change, programs, programs_of, styles

PROGRAMS = list(programs())  # every change of every table fits, else this raises


def test_every_program_compiles_and_differs_from_its_base():
    bases = {(p.folder, p.style): p.source for p in PROGRAMS if p.name == "as it is"}
    for program in PROGRAMS:
        assert compile(program.source, program.label, "exec")
        same = program.source == bases[program.folder, program.style]
        assert same == (program.name == "as it is"), program.label


def test_names_are_told_apart():
    labels = [program.label for program in PROGRAMS]
    assert len(labels) == len(set(labels))


def test_no_two_programs_are_the_same():
    seen = [(program.source, program.target) for program in PROGRAMS]
    assert len(seen) == len(set(seen))


def test_learners_depend_on_numpy_only():
    for program in PROGRAMS:
        assert "glassnet" not in program.source, program.label


def test_counts_promised():
    faults = [program for program in PROGRAMS if not program.correct]
    assert len(faults) >= 60
    assert len({(p.folder, p.style) for p in faults}) >= 6
    assert len(PROGRAMS) - len(faults) >= 30
    for folder in FOLDERS:
        assert 5 * sum(p.folder == folder for p in faults) >= 2 * len(faults)  # about half and half
    assert {program.form for program in faults} == {"function", "class"}


def test_every_base_has_a_table():
    for path in styles():
        assert path.with_suffix(".py").is_file()
    folders = {path.parent for path in styles()}
    bases = {file for folder in folders for file in folder.glob("*.py")}
    assert bases == {path.with_suffix(".py") for path in styles()}


@pytest.mark.parametrize(("find", "times"), [("absent", 0), ("a", 2)])
def test_a_change_that_does_not_fit_once_is_refused(find, times):
    with pytest.raises(ValueError, match=f"here: expected '{find}' once, found it {times} times"):
        change("a = a", [{"find": find, "replace": "b"}], "here")


def test_changes_apply_in_order():
    steps = [{"find": "x", "replace": "y"}, {"find": "y", "replace": "z"}]
    assert change("x = 1", steps, "here") == "z = 1"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('[[fault]]\nname = "f"\nfind = "1"\nreplace = "2"', "a cause"),
        ('[[correct]]\nname = "c"\ncause = "sign"\nfind = "1"\nreplace = "2"', "a cause"),
        ('[[fault]]\nname = "f"\ncause = "gremlins"\nfind = "1"\nreplace = "2"', "got 'gremlins'"),
        ('[[fault]]\nname = "f"\ncause = "sign"', "find and replace or changes"),
        ('[[fault]]\nname = "f"\ncause = "sign"\nfind = "1"', "expected find and replace"),
        ('[[fault]]\nname = "f"\ncause = "sign"\nfinds = "1"', "finds"),
        ('[[faults]]\nname = "f"', "faults"),
    ],
)
def test_a_table_with_a_mistake_is_refused(tmp_path, entry, message):
    (tmp_path / "style.py").write_text("x = 1\n")
    (tmp_path / "style.toml").write_text(f'form = "function"\n{entry}\n')
    with pytest.raises(ValueError, match=message):
        list(programs_of(tmp_path / "style.toml"))


def test_an_entry_may_be_about_another_class(tmp_path):
    (tmp_path / "style.py").write_text("x = 1\n")
    (tmp_path / "style.toml").write_text(
        'form = "class"\nname = "A"\n'
        '[[fault]]\nname = "f"\ncause = "sign"\nof = "B"\nfind = "1"\nreplace = "-1"\n'
    )
    base, fault = programs_of(tmp_path / "style.toml")
    assert (base.target, base.correct, base.source) == ("A", True, "x = 1\n")
    assert (fault.target, fault.cause, fault.source) == ("B", "sign", "x = -1\n")

"""Tables come back as they were written, and others are refused."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penjing.errors import DataError, OutputError
from penjing.report.table import as_csv, check_asked, noted, read_table, write_table


@dataclass(frozen=True)
class Row:
    name: str
    number: int
    share: float


ROWS = st.builds(
    Row,
    st.text(st.characters(codec="utf-8", exclude_categories=("C",))),
    st.integers(),
    st.floats(allow_nan=False),
)


@given(rows=st.lists(ROWS, min_size=1, max_size=5))
def test_rows_come_back(rows: list[Row], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("table") / "new" / "rows.csv"
    write_table(path, rows)
    assert read_table(path, Row) == rows
    assert path.read_text(encoding="utf-8").startswith("name,number,share\n")
    assert len(list(path.parent.iterdir())) == 1  # nothing temporary is left


def test_no_file_is_an_empty_table(tmp_path: Path) -> None:
    assert read_table(tmp_path / "none.csv", Row) == []


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "name,number,share\nx,one,2\n", "name,number,share\nx,1\n"]
)
def test_another_table_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(DataError, match=r"x\.csv is another table"):
        read_table(tmp_path / "x.csv", Row)


def test_a_table_is_written_for_other_programs_too() -> None:
    assert as_csv([Row("a,b", 1, 0.5)]) == 'name,number,share\n"a,b",1,0.5\n'


def test_rows_made_otherwise_do_not_share_a_table(tmp_path: Path) -> None:
    table = tmp_path / "new" / "rows.csv"
    check_asked(table, {"method": "l2"})  # and came to nothing
    check_asked(table, {"method": "l1", "ratios": (0.1, 0.5)})
    write_table(table, [Row("a", 1, 0.5)])
    check_asked(table, {"method": "l1", "ratios": (0.1, 0.5)})
    assert noted(table) == {"method": "l1", "ratios": [0.1, 0.5]}
    with pytest.raises(DataError, match="begun with method = 'l1', not 'taylor'"):
        check_asked(table, {"method": "taylor", "ratios": (0.1, 0.5)})


def test_a_table_without_a_note_goes_on(tmp_path: Path) -> None:
    write_table(tmp_path / "rows.csv", [Row("a", 1, 0.5)])
    check_asked(tmp_path / "rows.csv", {"method": "taylor"})
    assert noted(tmp_path / "rows.csv") == {}


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        write_table(tmp_path / "file" / "rows.csv", [Row("a", 1, 0.5)])
    with pytest.raises(OutputError, match="cannot write"):
        check_asked(tmp_path / "file" / "rows.csv", {"method": "l1"})

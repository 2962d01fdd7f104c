"""People and employers that no run of the demo had before."""

import random
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from stdnum.cn import uscc

from app.roster_files import write_csv
from app.words.identity import id_check_digit

_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴", ("雨桐", "子轩", "𠮷祥", "思远", "若曦", "浩然")


@dataclass(frozen=True)
class Newcomer:
    """A graduate of this year, with a phone of their own."""

    name: str
    id_number: str
    phone: str

    @classmethod
    def by_chance(cls) -> "Newcomer":
        """Somebody new."""
        chance = random.SystemRandom()
        birth = f"200{chance.randrange(3, 6)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
        first = f"370102{birth}{chance.randrange(1000):03d}"
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
        return cls(name, first + id_check_digit(first), f"13{chance.randrange(10**8, 10**9)}")


def credit_code() -> str:
    """A unified social credit code that is valid and most likely nobody's."""
    chance = random.SystemRandom()
    first = "9137010" + "0" + "".join(chance.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
    return first + str(uscc.calc_check_digit(first))


def roster(school_code: str, newcomers: list[Newcomer], *, one_bad: bool = False) -> bytes:
    """A roster file of these, the second in hardship; with `one_bad` the last one's ID number cannot be."""
    rows = [
        {
            "candidate_number": f"2337{index:010d}",
            "id_number": one.id_number,
            "name": one.name,
            "gender": "1" if int(one.id_number[16]) % 2 else "2",
            "ethnicity": "01",
            "political_status": "03",
            "school_code": school_code,
            "education_level": "31",
            "major_code": "080901",
            "major": "计算机科学与技术",
            "training_mode": "1",
            "home_region": "370102",
            "duration": "4",
            "enrolled_on": "20230901",
            "graduated_on": "20270630",
            "teacher_training": "2",
            "hardship": "2" if index == 1 else "0",
            "department": "计算机学院",
            "class_name": "计科2301",
            "student_number": f"2023{index:06d}",
        }
        for index, one in enumerate(newcomers)
    ]
    if one_bad:
        rows[-1] = rows[-1] | {"id_number": "370102200402300000"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        write_csv(path, rows)
        return path.read_bytes()

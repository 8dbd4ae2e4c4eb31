"""Captions and credits as the world's newsrooms write them."""

import pytest

from radiotui.documents.credits import caption_and_credit, credit_of, is_credit, joined


@pytest.mark.parametrize(
    ("behind", "credit"),
    [
        ("(Jo Castle/WFOG)", "Jo Castle / WFOG"),
        ("(Rhys Hearn / KFOG)", "Rhys Hearn / KFOG"),
        ("(Adel Hadi/The Associated Press)", "Adel Hadi / The Associated Press"),
        ("(Ann Lee for KFOG)", "Ann Lee for KFOG"),
        ("(Courtesy of Ann Lee)", "Courtesy of Ann Lee"),
        ("(AP Photo/Ann Lee, File)", "AP Photo / Ann Lee, File"),
        ("(Photo by Ann Lee/AFP via Getty Images)", "Ann Lee / AFP via Getty Images"),
        ("[Image: Ann Lee]", "Ann Lee"),
        ("Michael Moss/KFG", "Michael Moss / KFG"),
        ("Ann Lee/Valley Public Radio", "Ann Lee / Valley Public Radio"),
        ("J. Scott Lee / AP", "J. Scott Lee / AP"),
        ("REUTERS/Jim Long", "REUTERS / Jim Long"),
        ("Photograph: Eva Marsh/Reuters", "Eva Marsh / Reuters"),
        ("Photograph by Doug Lane", "Doug Lane"),
        ("Photo: Ann Lee", "Ann Lee"),
        ("Photo courtesy of the family", "Photo courtesy of the family"),
        ("Foto: dpa", "dpa"),
        ("Foto: Ann Lee / picture alliance", "Ann Lee / picture alliance"),
        ("Bild: Ann Lee", "Ann Lee"),
        ("Quelle: Reuters", "Reuters"),
        ("Crédit photo : AFP", "AFP"),
        ("Crédito: Ann Lee", "Ann Lee"),
        ("Fuente: EFE", "EFE"),
        ("Fot. Jan Nowak / PAP", "Jan Nowak / PAP"),
        ("Фото: Анна Ли / ТАСС", "Анна Ли / ТАСС"),
        ("写真：共同通信社", "共同通信社"),
        ("© Ann Lee", "Ann Lee"),
        ("| Ann Lee/KFOG", "Ann Lee / KFOG"),
        ("— Ann Lee/AFP", "Ann Lee / AFP"),
        ("Credit: Ann Lee", "Ann Lee"),
        ("Credit...Ann Lee for The Daily", "Ann Lee for The Daily"),
        ("[File: Reuters]", "Reuters"),
        ("Fotó: MTI/Kovács", "MTI / Kovács"),
        ("Фото @annlee", "@annlee"),
        ("/ REUTERS", "REUTERS"),
        ("ÁNGELA LEÓN", "ÁNGELA LEÓN"),
        ("(ANA LEÓN)", "ANA LEÓN"),
        ("Submitted photo", "Submitted photo"),
        ("(Ansa)", "Ansa"),
    ],
)
def test_a_credit_behind_a_caption_stands_by_itself(behind, credit):
    assert caption_and_credit(f"The ferry at the pier. {behind}") == (
        "The ferry at the pier.",
        credit,
    )


def test_a_credit_that_is_joined_to_its_caption_is_found():
    assert caption_and_credit("Seals on the bare ice.Photograph by Doug Lane") == (
        "Seals on the bare ice.",
        "Doug Lane",
    )
    assert caption_and_credit("Seals on the ice.\nAnn Lee/AP") == (
        "Seals on the ice.",
        "Ann Lee / AP",
    )


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Mandel Noon/AFP via Getty Images", "Mandel Noon / AFP via Getty Images"),
        ("Getty Images", "Getty Images"),
        ("AP", "AP"),
        ("(Image: foghorn / Getty Images)", "foghorn / Getty Images"),
        ("Photo : iTools", "iTools"),
        ("Image source, Reuters", "Reuters"),
        ("Ann Lee | NPR", "Ann Lee / NPR"),
        ("(c) Ann Lee", "Ann Lee"),
    ],
)
def test_a_caption_may_be_a_credit_and_nothing_else(text, credit):
    assert is_credit(text)
    assert caption_and_credit(text) == ("", credit)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor (left) and the pastor (Ann Lee)",
        "He said it was an either/or choice.",
        "Input/output of the river",
        "NASA launches a rocket",
        "BBC staff leave the building",
        "The office of Getty Images burns",
        "US President Ann Lee",
        "Portland/Salem",
        "The tower. It was built in 1931",
        "Chart: votes by district",
        "Sunrise over Lake Ann",
        "",
    ],
)
def test_words_of_a_caption_are_no_credit(text):
    assert caption_and_credit(text) == (text, "")


@pytest.mark.parametrize(
    "lead_in", ["Legende:", "Image caption,", "Bildunterschrift:", "Légende :", "Pie de foto:"]
)
def test_what_introduces_a_caption_is_no_part_of_it(lead_in):
    assert caption_and_credit(f"{lead_in} The ferry") == ("The ferry", "")


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("1of4The pier at night. Ann Lee/KFOG", "The pier at night.", "Ann Lee / KFOG"),
        ("Image 2 of 5 The pier at night.", "The pier at night.", ""),
        (
            "FILE PHOTO: Traders wait on the floor of the exchange. REUTERS/Ann Lee",
            "FILE PHOTO: Traders wait on the floor of the exchange.",
            "REUTERS / Ann Lee",
        ),
        (
            "Foto: Der Kanzler wartet auf den letzten Zug",
            "Foto: Der Kanzler wartet auf den letzten Zug",
            "",
        ),
        ("THE OLD TOWN HALL", "THE OLD TOWN HALL", ""),
        ("Image via Getty Images", "", "Getty Images"),
    ],
)
def test_counters_go_and_sentences_behind_a_label_stay(text, caption, credit):
    assert caption_and_credit(text) == (caption, credit)


def test_credits_of_several_elements_are_one():
    assert joined(["Photo by Ann Lee", "AP", "Ann Lee/AP"]) == "Ann Lee / AP"
    assert credit_of("Image source: Ann Lee") == "Ann Lee"


@pytest.mark.parametrize(
    "text",
    ["AP " * 46 + "9", "Aa " * 700, "Aa/" * 700, "Photo: " * 300, "Aa. " * 500, "(Aa " * 500],
)
def test_a_caption_made_to_be_slow_is_read(text):
    # Some of these took hours.
    assert caption_and_credit(text)[1] == ""

from jobs.ids import uuid7


def test_ids_made_one_after_another_sort_in_that_order():
    made = [uuid7() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == 1000


def test_an_id_says_that_it_is_of_version_7():
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")

"""Token symbols."""

from ganglion.pallets.subtensor.symbols import CHOOSABLE, ROOT_SYMBOL, SYMBOLS, first_free


def test_there_are_439_different_symbols_of_one_character():
    assert len(SYMBOLS) == len(set(SYMBOLS)) == 439
    assert all(len(symbol.decode()) == 1 for symbol in SYMBOLS)


def test_alpha_is_the_first_subnets_and_tau_is_nobodys_choice():
    assert first_free(1, ()).decode() == "α"
    assert SYMBOLS[0] == ROOT_SYMBOL
    assert ROOT_SYMBOL not in CHOOSABLE


def test_a_taken_symbol_gives_way_to_the_first_free_one():
    assert first_free(3, {SYMBOLS[3], SYMBOLS[1]}) == SYMBOLS[2]


def test_netuids_beyond_the_list_get_tau_and_so_do_all_when_nothing_is_left():
    assert first_free(4_000, ()) == ROOT_SYMBOL
    assert first_free(1, set(SYMBOLS)) == ROOT_SYMBOL

"""The chain message (接龙) parser.

Follow a paste through the modules in this order:

glyphs      one look per character, positions in the original kept
snapshots   which part of the paste is the chain (R1)
layout      title, example, entries, footer (R2-R5); numbering reads the entry numbers
names       nickname and leading address (R6, R7); address has the spellings
lexer       tokens that cover every character; lexicon holds the words, products the goods
remarks     taste, questions, pickup slot, delivery (R11, R14, R15)
order       walks an entry's tokens; its rules stand in layers: basket (state), binding (quantity
            and product, R8-R10), several (各, 都, 同上, R13), changes (取消, 改, R11);
            quantities reads and converts units, numbers the numerals
reading     one entry put together; across lets entries correct each other (R11, R12)
parser      all of it in one function
flags       why something needs a second look, with the sentence for the screen
contract    the same as dictionaries; compare says what changed between two pastes

R-numbers are the rules of tests/samples/jielong.json.
"""

from lib.trade.orders.chain.compare import chain_identity, compare_chains, entry_keys
from lib.trade.orders.chain.contract import catalogue_from_dicts, chain_as_contract
from lib.trade.orders.chain.model import DEFAULT_SLOTS, CatalogueItem, Chain, Entry, Slot
from lib.trade.orders.chain.parser import parse_chain

__all__ = [
    "DEFAULT_SLOTS",
    "CatalogueItem",
    "Chain",
    "Entry",
    "Slot",
    "catalogue_from_dicts",
    "chain_as_contract",
    "chain_identity",
    "compare_chains",
    "entry_keys",
    "parse_chain",
]

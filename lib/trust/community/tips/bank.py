"""The tips that come with the program (R13): true, useful, no advertising, no promise of health.

Each has a key, so that it is put into the bank once, and months where it fits only then.
"""

from lib.kernel.words import N_
from lib.trust.community.tips.rules import Kind, Supplied

CHOOSING, STORING, COOKING, CLEANING, SEASON = Kind

# fmt: off
SUPPLIED: tuple[Supplied, ...] = (
    Supplied("eggs-in-water", CHOOSING, N_(
        "A fresh egg lies flat in a bowl of water. An older one stands up, and one that"
        " floats is too old.")),
    Supplied("watermelon-spot", CHOOSING, N_(
        "Turn the watermelon over: where it lay on the ground a ripe one is yellow, an "
        "unripe one is white."), 5, 9),
    Supplied("cucumber-firm", CHOOSING, N_(
        "Choose cucumbers that are firm to both ends and evenly thick. A soft end means"
        " that it has lain for days.")),
    Supplied("tomato-heavy", CHOOSING, N_(
        "Take two tomatoes of one size in your hands: the heavier one is the juicier "
        "one.")),
    Supplied("fish-eyes", CHOOSING, N_(
        "A fresh fish has clear, bulging eyes and red gills, and its flesh springs back"
        " when you press it.")),
    Supplied("greens-cut-end", CHOOSING, N_(
        "Look at the cut end of leafy greens: white and moist was cut today, brown and "
        "dry was cut days ago.")),
    Supplied("potatoes-green", CHOOSING, N_(
        "Leave potatoes with green patches or sprouts: they hold a bitter poison that "
        "cooking does not remove.")),
    Supplied("corn-silk", CHOOSING, N_(
        "Sweet corn: brown but moist silk and a bright green husk. Press a kernel with "
        "a nail: milky juice is tender."), 6, 9),
    Supplied("garlic-firm", CHOOSING, N_(
        "Press every clove of a garlic bulb: all firm and the skin dry, then it keeps "
        "for weeks.")),
    Supplied("mushroom-caps", CHOOSING, N_(
        "Mushrooms with closed caps and dry, springy stems are young and keep a few "
        "days longer.")),
    Supplied("pork-dry", CHOOSING, N_(
        "Fresh pork is evenly pink, feels dry rather than sticky, and a dent from your "
        "finger fills up at once.")),
    Supplied("rice-milled", CHOOSING, N_(
        "On a bag of rice look for the day it was milled, not only how long it keeps: "
        "the more recent, the more fragrant.")),
    Supplied("strawberry-below", CHOOSING, N_(
        "Look at a box of strawberries from below: that is where the first soft ones "
        "are."), 12, 5),
    Supplied("pumpkin-nail", CHOOSING, N_(
        "A pumpkin whose skin a fingernail cannot scratch and whose stem is dry is ripe"
        " and mealy."), 8, 12),
    Supplied("orange-heavy", CHOOSING, N_(
        "Oranges and mandarins: take the heavy ones with a thin skin. Light ones are "
        "dry inside."), 10, 3),
    Supplied("tofu-smell", CHOOSING, N_(
        "Fresh tofu smells of beans and its water is clear. A sour smell or slippery "
        "surface: leave it.")),
    Supplied("ginger-skin", CHOOSING, N_(
        "Old ginger for soup has a thick, wrinkled skin; young ginger for eating raw "
        "has a thin one with pink tips.")),
    Supplied("potatoes-dark", STORING, N_(
        "Keep potatoes dark, cool and airy, in a paper bag or a basket: light turns "
        "them green.")),
    Supplied("greens-upright", STORING, N_(
        "Wrap leafy greens in kitchen paper, put them into a bag and let them stand in "
        "the fridge as they grew.")),
    Supplied("eggs-point-down", STORING, N_(
        "Put eggs into the fridge with the pointed end down, and do not wash them "
        "before: the skin keeps germs out.")),
    Supplied("bananas-hang", STORING, N_(
        "Hang bananas up, and not in the fridge: cold turns the skin black.")),
    Supplied("apples-apart", STORING, N_(
        "Keep apples away from leafy greens and other fruit: the gas they give off "
        "ripens and yellows everything near.")),
    Supplied("apple-ripens", STORING, N_(
        "Hard kiwis, persimmons or avocados: into a bag with an apple, and in a few "
        "days they are soft.")),
    Supplied("tofu-water", STORING, N_(
        "Keep tofu that was opened under clean water in a box in the fridge, change the"
        " water daily, eat it within two days.")),
    Supplied("spring-onion-frozen", STORING, N_(
        "Cut spring onions, dry them well and freeze them flat in a bag: break off what"
        " you need.")),
    Supplied("ginger-frozen", STORING, N_(
        "Ginger can be frozen whole: grate it frozen, straight into the pan.")),
    Supplied("rice-sealed", STORING, N_(
        "Keep rice in a closed box in a cool dry place and use up the old before you "
        "fill in the new.")),
    Supplied("tea-away", STORING, N_(
        "Keep tea closed, dark and away from spices: it takes on every smell.")),
    Supplied("tomatoes-outside", STORING, N_(
        "Let tomatoes ripen outside the fridge, stem down; put them in only once they "
        "are soft.")),
    Supplied("honey-crystals", STORING, N_(
        "Honey that turned solid is not spoiled. Stand the jar in lukewarm water and it"
        " runs again.")),
    Supplied("soy-sauce-fridge", STORING, N_(
        "Read the label: many soy sauces and oyster sauces belong in the fridge once "
        "they are opened.")),
    Supplied("mushrooms-paper", STORING, N_(
        "Keep mushrooms in a paper bag rather than plastic, and wash them only when you"
        " cook.")),
    Supplied("leftovers-two-hours", STORING, N_(
        "Put leftovers into the fridge within two hours, in a closed box, and heat them"
        " through before eating.")),
    Supplied("herbs-in-glass", STORING, N_(
        "Stand coriander in a glass with a little water, with a bag over it, in the "
        "fridge: fresh for a week.")),
    Supplied("freezer-flat", STORING, N_(
        "Freeze minced meat in flat, thin bags with the date on them: they thaw in half"
        " the time.")),
    Supplied("green-beans-through", COOKING, N_(
        "Cook green beans until they are soft and no longer bright green: half raw they"
        " make people ill.")),
    Supplied("soy-milk-boil", COOKING, N_(
        "Soy milk foams before it really boils. Turn the heat down and let it boil on "
        "for some minutes.")),
    Supplied("blanch-salt-oil", COOKING, N_(
        "Blanch greens in boiling water with a little salt and a few drops of oil: they"
        " stay green.")),
    Supplied("potato-shreds-rinse", COOKING, N_(
        "Rinse potato shreds twice before frying: without the starch they get crisp and"
        " do not stick.")),
    Supplied("eggs-cold-bath", COOKING, N_(
        "Put boiled eggs into cold water at once: the shell comes off easily.")),
    Supplied("steamed-egg-warm", COOKING, N_(
        "Steamed egg: one part egg to one and a half parts lukewarm water, sieved, "
        "covered. It gets smooth.")),
    Supplied("meat-across-grain", COOKING, N_(
        "Cut beef across the grain: short fibres are tender.")),
    Supplied("thaw-in-fridge", COOKING, N_(
        "Put frozen meat into the fridge the evening before: thawed slowly it loses "
        "less juice.")),
    Supplied("meat-cold-water", COOKING, N_(
        "Put meat for soup into cold water and heat it slowly: the foam comes out and "
        "the broth stays clear.")),
    Supplied("fish-boiling-steam", COOKING, N_(
        "Put fish into the steamer only when the water boils, and leave it covered for "
        "two minutes afterwards.")),
    Supplied("dumplings-cold-water", COOKING, N_(
        "Dumplings: each time the water boils over, add a little cold water, three "
        "times. The skin stays whole.")),
    Supplied("salt-greens-late", COOKING, N_(
        "Salt greens just before they leave the pan: salted early they lose their "
        "water.")),
    Supplied("mushroom-water", COOKING, N_(
        "Soak dried mushrooms in cold water, and use the water for the soup: leave only"
        " the last sip with the sand.")),
    Supplied("two-boards", COOKING, N_(
        "Two boards, one for raw and one for cooked. It is the simplest protection a "
        "kitchen has.")),
    Supplied("chicken-not-rinsed", COOKING, N_(
        "Rinsing raw chicken splashes germs over the sink. Pat it dry; heat does the "
        "rest.")),
    Supplied("rice-rest", COOKING, N_(
        "When the rice is done, leave the lid on for ten minutes and then loosen it: no"
        " hard bottom.")),
    Supplied("never-mix-bleach", CLEANING, N_(
        "Never mix bleach with toilet cleaner, vinegar or alcohol: it makes poisonous "
        "gas. One at a time, window open.")),
    Supplied("kettle-citric", CLEANING, N_(
        "Limescale in the kettle: a spoon of citric acid in water, boil, wait half an "
        "hour, rinse twice.")),
    Supplied("tea-stains-soda", CLEANING, N_(
        "Brown rims in tea cups: rub with a little baking soda on a wet cloth.")),
    Supplied("microwave-lemon", CLEANING, N_(
        "Heat a bowl of water with lemon slices for three minutes, wait a little: the "
        "microwave wipes clean.")),
    Supplied("fridge-soda", CLEANING, N_(
        "An open bowl of baking soda in the fridge takes up smells. Change it every "
        "month or two.")),
    Supplied("board-salt", CLEANING, N_(
        "Rub a wooden board with coarse salt, rinse it hot and let it dry standing.")),
    Supplied("burnt-pan-soda", CLEANING, N_(
        "Burnt pan: cover the bottom with water and two spoons of baking soda, simmer, "
        "let it cool, wipe.")),
    Supplied("blood-cold-water", CLEANING, N_(
        "Blood and egg come out with cold water. Hot water sets them.")),
    Supplied("stickers-warm", CLEANING, N_(
        "Warm a sticker with a hair dryer and it comes off in one piece; wipe the rest "
        "with cooking oil.")),
    Supplied("washing-machine-open", CLEANING, N_(
        "Leave the door of the washing machine open after use: dry rubber does not get "
        "mouldy.")),
    Supplied("sponge-dry", CLEANING, N_(
        "Wring out the kitchen sponge and stand it up to dry, and change it every few "
        "weeks.")),
    Supplied("hood-warm", CLEANING, N_(
        "Wipe the cooker hood right after cooking while it is still warm (switched "
        "off): the grease is soft.")),
    Supplied("glass-newspaper", CLEANING, N_(
        "Wipe the windows wet and rub them with newspaper: no streaks.")),
    Supplied("thermos-rice", CLEANING, N_(
        "Stains in a thermos: a handful of raw rice and warm water, close, shake, "
        "rinse.")),
    Supplied("white-shoes-paper", CLEANING, N_(
        "Wrap washed white shoes in white kitchen paper while they dry: the yellow goes"
        " into the paper.")),
    Supplied("bamboo-shoots", SEASON, N_(
        "Spring bamboo shoots: cook them in their skin the day you buy them, they get "
        "bitter by the hour."), 3, 5),
    Supplied("broad-beans", SEASON, N_(
        "Broad beans with a green line are young and are eaten with their skin; with a "
        "black one, peel them."), 4, 5),
    Supplied("waxberries-salt", SEASON, N_(
        "Put waxberries into lightly salted water for ten minutes, then rinse: what "
        "lives inside comes out."), 6, 7),
    Supplied("lychees-moist", SEASON, N_(
        "Keep lychees unwashed in a damp paper towel in a bag in the fridge, and eat "
        "them within three days."), 6, 7),
    Supplied("plum-rain-mould", SEASON, N_(
        "Plum rains: leave a hand's breadth between cupboard and wall and open the "
        "cupboards on dry days."), 6, 7),
    Supplied("summer-leftovers", SEASON, N_(
        "In the heat nothing stays on the table: into the fridge within an hour."), 6, 9),
    Supplied("saucers-mosquitoes", SEASON, N_(
        "Empty the saucers under flower pots once a week: mosquitoes need that long to "
        "grow up in them."), 5, 10),
    Supplied("melon-wrapped", SEASON, N_(
        "Cut melons: cover them, into the fridge, and eat them the same day."), 6, 9),
    Supplied("lotus-holes", SEASON, N_(
        "Lotus root: seven holes are mealy and for soup, nine holes are crisp and for "
        "frying."), 9, 2),
    Supplied("crabs-alive", SEASON, N_(
        "Steam hairy crabs alive and at once. A dead one is not eaten, whatever it "
        "cost."), 9, 11),
    Supplied("chestnuts-cross", SEASON, N_(
        "Cut a cross into chestnuts, boil them for three minutes: shell and skin come "
        "off together, while they are hot."), 9, 11),
    Supplied("sweet-potato-rest", SEASON, N_(
        "Let sweet potatoes lie airy for a week before you roast them, not in the "
        "fridge: they get sweeter."), 10, 12),
    Supplied("persimmons-apple", SEASON, N_(
        "Persimmons that taste rough are not ripe yet: three days in a bag with two "
        "apples."), 10, 11),
    Supplied("cabbage-leaves", SEASON, N_(
        "Leave the outer leaves on a Chinese cabbage until you use it: they keep the "
        "rest juicy."), 11, 2),
    Supplied("radish-leaves", SEASON, N_(
        "Cut the leaves off radishes at once: they draw the water out of the root. The "
        "leaves can be fried."), 10, 2),
    Supplied("pipes-frost", SEASON, N_(
        "Before a frosty night wrap the pipes outside in old clothes, and let a tap "
        "drip."), 12, 2),
    Supplied("windows-steam", SEASON, N_(
        "Ten minutes of open windows at noon dry a room better in winter than a gap all"
        " day."), 11, 2),
    Supplied("niangao-water", SEASON, N_(
        "Keep rice cakes under water and change it every few days: they neither dry out"
        " nor crack."), 1, 2),
    Supplied("shepherds-purse", SEASON, N_(
        "Blanch shepherd's purse, press it, freeze it in portions: for dumplings all "
        "through spring."), 2, 4),
)
# fmt: on
"""In the order in which they are proposed where nothing else decides."""

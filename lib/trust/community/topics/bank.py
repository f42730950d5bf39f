"""Questions that come with the program, for whoever does not know what to ask (R14)."""

from lib.kernel.words import N_
from lib.trust.community.topics.rules import About, Question

SUGGESTED: tuple[Question, ...] = (
    Question(About.WISH, N_("What would you like us to buy?")),
    Question(About.WISH, N_("Which vegetable do you miss in our shop?")),
    Question(About.WISH, N_("What did your grandmother cook that is hard to get today?")),
    Question(About.WISH, N_("What do you still order from far away that we could have here?")),
    Question(About.WISH, N_("Which fruit should be on offer this week?")),
    Question(About.WISH, N_("What do the children take to school for a snack?")),
    Question(About.WISH, N_("What is missing for your breakfast?")),
    Question(
        About.WISH, N_("Which daily goods do you buy most often: paper, washing powder, bags?")
    ),
    Question(About.WISH, N_("What should be ready for the festival?")),
    Question(About.WISH, N_("Which goods would you like in a smaller pack?")),
    Question(About.WISH, N_("Do you cook for one or two? Which portions fit you?")),
    Question(About.WISH, N_("What do the elderly in your family like to eat and chew easily?")),
    Question(About.WISH, N_("Noodles, flour or rice: which kind do you use at home?")),
    Question(About.WISH, N_("Which fish do you buy, and how should it be cut?")),
    Question(
        About.WISH, N_("Which dish from your home town would you like the neighbours to taste?")
    ),
    Question(About.WISH, N_("What should we have again that was here once?")),
    Question(About.OPINION, N_("Was something not good last week? Tell us openly.")),
    Question(About.OPINION, N_("Which of our goods would you recommend to a neighbour, and why?")),
    Question(About.OPINION, N_("When is collecting easiest for you: morning, noon or evening?")),
    Question(
        About.OPINION, N_("Would you rather have one large offer a week or small ones daily?")
    ),
    Question(About.OPINION, N_("How do you find our packaging: too much, too little?")),
    Question(About.OPINION, N_("Which tip should we look into for you?")),
    Question(
        About.TOGETHER,
        N_("What could we make together at the weekend: dumplings, lanterns, plants?"),
    ),
    Question(
        About.TOGETHER,
        N_("What lies at home unused and is too good to throw away? We plan a swap."),
    ),
    Question(About.TOGETHER, N_("Who can do something that the neighbours would like to learn?")),
    Question(About.TOGETHER, N_("Who cooks the best one? Show us your dish of the week.")),
)

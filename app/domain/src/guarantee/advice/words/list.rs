//! The words and phrases for which there is advice, in English and then in Polish. A star matches any ending.

/// Words of praise that cannot be measured.
pub const VAGUE: &str = "\
    best, quality, world class, first class, state of the art, excellent, excellence, exceptional, outstanding, \
    amazing, awesome, great, superb, superior, premium, perfect, professional*, friendly, seamless*, unbeatable, \
    unparalleled, adequate*, appropriate*, reasonable, reasonably, \
    najlep*, jakoś*, najwyższ*, światowej klasy, klasy światowej, doskona*, znakomi*, wyśmieni*, wyjątkow*, \
    profesjonal*, perfekcyj*, świetn*, rewelacyj*, wspania*, przyjazn*, rozsądn*, odpowiedni*, należyt*, \
    nienagann*";

/// Words that promise an effort, not a result.
pub const EFFORT: &str = "\
    try, tries, trying, strive*, striving, endeavo*, aim to, aims to, aim for, hope to, hopes to, seek to, \
    intend to, do our best, our best, best effort, best efforts, do everything, work hard, committed to, \
    dedicated to, if possible, where possible, whenever possible, as far as possible, usually, normally, \
    generally, typically, \
    staramy się, postaramy się, starać się, wszelkich starań, dokładamy starań, dołożymy starań, zrobimy \
    wszystko, robimy wszystko, próbujemy, spróbujemy, dążymy, chcielibyśmy, w miarę możliwości, jeśli to \
    możliwe, o ile to możliwe, zazwyczaj, zwykle, zasadniczo, z reguły";

/// Words such as "soon" that stand in for a time.
pub const SOON: &str = "\
    asap, as soon as possible, soon, quick, quickly, prompt, promptly, fast, swift*, shortly, speedy, speedily, \
    rapid*, timely, in no time, without delay, \
    jak najszybciej, jak najprędzej, szybk*, wkrótce, niebawem, niezwłocznie, bezzwłocznie, sprawnie, terminowo, \
    bez zbędnej zwłoki";

/// Words for units of time and times of day.
pub const TIMES: &str = "\
    second*, minute*, hour*, day, days, night, nights, daily, week*, month*, today, tomorrow, noon, midnight, \
    morning, evening, \
    sekund*, minut*, godzin*, dzień, dnia, dni, dobę, doby, noc, nocy, tydzień, tygodni*, miesiąc*, miesięc*, \
    codzien*, dziś, dzisiaj, jutro, południe, południa, północ*, rano, wieczor*";

/// Numbers written as words.
pub const NUMBERS: &str = "\
    zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, fifteen, twenty, thirty, \
    once, twice, half, first, \
    jeden, jedn*, dwa, dwie, dwóch, dwoma, trzy, trzech, cztery, czterech, pięć, pięciu, sześć, sześciu, siedem, \
    siedmiu, osiem, ośmiu, dziewięć, dziewięciu, dziesięć, dziesięciu, piętnaś*, dwadzieścia, dwudziestu, \
    trzydzieści, trzydziestu, raz, dwukrotn*, połow*, pół";

/// Words that tie a promise to an occasion: every time, never, until, if.
pub const OCCASIONS: &str = "\
    every, each, always, never, no, until, before, within, when, whenever, while, if, unless, without, \
    każd*, zawsze, nigdy, zanim, przed, dopóki, póki, kiedy, gdy, jeśli, jeżeli, w ciągu, bez";

/// Words that judge without saying what can be seen.
pub const JUDGEMENTS: &str = "\
    good, nice, nicely, clean, cleanly, cleanliness, tidy, neat, neatly, proper, properly, ok, okay, fine, well, \
    fresh, comfortable, pleasant, attractive, presentable, acceptable, satisfactory, correct, correctly, polite, \
    politely, courteous, friendly, helpful, decent, suitable, appropriate, appropriately, \
    dobr*, ładn*, czyst*, porządn*, porządek, w porządku, schludn*, zadban*, odpowiedni*, właściw*, należyt*, \
    poprawn*, mił*, przyjemn*, uprzejm*, grzeczn*, śwież*, estetyczn*, wygodn*, pomocn*, kulturaln*";

/// Words for what can, or must not, be seen.
pub const OBSERVABLE: &str = "\
    no, not, nothing, none, without, dry, wet, full, empty, filled, stocked, works, working, lit, open, closed, \
    locked, visible, wiped, hung, warm, hot, cold, within, free, \
    nie, nic, bez, brak, żad*, such*, mokr*, pełn*, pust*, uzupełnion*, działa*, świec*, otwar*, zamknię*, \
    widoczn*, wytar*, ciepł*, gorąc*, zimn*, woln*";

/// Words that add nothing observable.
pub const FILLERS: &str = "\
    the, a, an, is, are, be, was, and, or, of, in, on, at, to, with, it, its, our, we, you, always, very, \
    really, all, every, everything, everywhere, look, looks, smells, feels, kept, keep, has, have, \
    jest, są, i, oraz, lub, w, we, na, z, ze, do, dla, to, się, bardzo, zawsze, wszystko, wszystkie, wszędzie, \
    wygląda, wyglądają, pachnie, ma, mają, nasz*";

/// Phrases that leave the business a way out of the remedy.
pub const HEDGED: &str = "\
    may, might, could, possibly, perhaps, our discretion, at our discretion, at our sole discretion, sole \
    discretion, reserve the right, we reserve the right, if we, if approved, upon approval, subject to, case by \
    case, in some cases, consider, we will consider, where possible, if possible, whenever possible, terms \
    apply, conditions apply, restrictions apply, try to, usually, eventually, \
    może, możemy, mogą, według naszego uznania, wedle naszego uznania, według uznania, wedle uznania, \
    zastrzegamy, zastrzegamy sobie prawo, rozważymy, rozpatrzymy, rozpatrujemy indywidualnie, w uzasadnionych \
    przypadkach, w niektórych przypadkach, pod warunkiem, o ile, ewentualn*, w miarę możliwości, jeśli to \
    możliwe, postaramy się, zazwyczaj";

/// Phrases that leave the choice of remedy to the customer.
pub const CUSTOMER_CHOICES: &str = "\
    may choose, may keep, may pick, may take, may ask, may also choose, could choose, \
    może wybrać, może zatrzymać, może poprosić, może zachować, mogą wybrać, mogą zatrzymać";

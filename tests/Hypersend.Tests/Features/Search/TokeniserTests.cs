using Hypersend.Server.Features.Search;

namespace Hypersend.Tests.Features.Search;

public sealed class TokeniserTests
{
    [Theory]
    [InlineData("Hello, World!", "hello|world")]
    [InlineData("café CAFE\u0301 Straße ŒUVRE", "cafe|cafe|strasse|oeuvre")]
    [InlineData("https://a.example/b_c?d=1", "https|a|example|b|c|d|1")]
    [InlineData("/var/log/x-1.tar.gz", "var|log|x|1|tar|gz")]
    [InlineData("हिन्दी फ़िल्म ४५", "हिन्दी|फिल्म|45")]
    [InlineData("বাংলা தமிழ் తెలుగు", "বাংলা|தமிழ்|తెలుగు")]
    [InlineData("東京都 ｶﾞｲﾄﾞ", "東|京|都|ガ|イ|ド")]
    [InlineData("ภาษาไทย", "ภ|า|ษ|า|ไ|ท|ย")]
    [InlineData("iPhone用ケース", "iphone|用|ケ|ー|ス")]
    [InlineData("كِتَابٌ الـكتاب", "كتاب|الكتاب")]
    [InlineData("👍🏽 ok ❤️", "👍|ok|❤")]
    [InlineData("½ kg", "1|2|kg")]
    [InlineData("!!! --- ???", "")]
    [InlineData("\u0301", "")]
    public void A_text_falls_into_words(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', Tokeniser.Words(text).Select(word => word.Text)));

    [Fact]
    public void Words_know_where_they_stand()
    {
        const string Text = "Ein Größerer, 東京!";
        Assert.Equal(["Ein", "Größerer", "東", "京"], Tokeniser.Words(Text).Select(word => Text[word.Start..word.End]));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_word_and_no_error() => Assert.Empty(Tokeniser.Words("\ud83d"));

    [Theory]
    [InlineData("meetings", "meet", true)]
    [InlineData("meet", "meetings", false)]
    [InlineData("الكتاب", "كتاب", true)]
    [InlineData("كتاب", "الكتاب", true)]
    [InlineData("وبالكتاب", "كتاب", false)]
    [InlineData("الوالدين", "والدين", true)]
    [InlineData("البالون", "بالون", true)]
    [InlineData("الكالسيوم", "كالسيوم", true)]
    [InlineData("للبالغين", "بالغين", true)]
    [InlineData("كتاب", "والكتاب", true)]
    [InlineData("دم", "الدم", true)]
    [InlineData("لهم", "الله", false)]
    [InlineData("له", "والله", false)]
    [InlineData("ونحن", "بالون", false)]
    [InlineData("کل", "بالکل", false)]
    [InlineData("دین", "والدین", false)]
    [InlineData("والدین", "والد", true)]
    [InlineData("apple", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("internationalization", "internationali", true)]
    public void A_word_answers_what_it_begins_with(string word, string typed, bool answers)
    {
        var said = Assert.Single(Tokeniser.Words(word));
        var asked = Assert.Single(Tokeniser.Words(typed));
        Assert.Equal(answers, said.Answers(asked, asBeginning: true));

        // The index may name more than what answers, and never less.
        var (terms, wanted, oneOf) = (new HashSet<int>(), new HashSet<int>(), new List<IReadOnlyCollection<int>>());
        SearchTerms.Add(terms, [said]);
        SearchTerms.AddWanted(wanted, oneOf, [asked]);
        Assert.True(!answers || (wanted.IsSubsetOf(terms) && oneOf.TrueForAll(group => group.Any(terms.Contains))));
    }

    [Fact]
    public void Whatever_stands_in_a_text_is_found_by_any_of_its_stretches()
    {
        const string Text = "Über die Brücke: 東京タワー, हिन्दी में, https://x.example/Ordner/Datei-1.pdf 🎉";
        var terms = new HashSet<int>();
        var words = Tokeniser.Words(Text);
        SearchTerms.Add(terms, words);
        for (var first = 0; first < words.Count; first++)
        {
            for (var count = 1; first + count <= words.Count; count++)
            {
                var wanted = new HashSet<int>();
                var phrase = words.GetRange(first, count);
                SearchTerms.AddWanted(wanted, [], phrase);
                Assert.True(wanted.IsSubsetOf(terms));
                Assert.True(SoughtMessage.Says(words, new Phrase(phrase, EndsAsBeginning: true), ranges: null));
            }
        }
    }

    [Theory]
    [InlineData("The harbour OFFICE, internationalization a 7: x.example/Ordner/Datei-1.pdf")]
    [InlineData("Über die Brücke ½ ㍿ café e\u0301 \u0301 ok👍🏽x ❤️ \ud83d ß")]
    [InlineData("हिन्दी में फ़िल्म ४५ বাংলা தமிழ் وبالكتاب كِتَابٌ")]
    [InlineData("iPhone用ケース 東京都, 你好 world ｶﾞｲﾄﾞ ภาษาไทย")]
    [InlineData("")]
    public void The_quick_way_to_the_terms_of_a_text_gives_the_same_ones(string text)
    {
        var (quick, words) = (new List<int>(), new HashSet<int>());
        var texts = new TextTerms();
        SearchTerms.Add(words, Tokeniser.Words(text));
        for (var time = 0; time < 2; time++)
        {
            quick.Clear();
            texts.Add(quick, text);
            Assert.Equal(words.Order(), quick.Distinct().Order());
        }
    }
}

using Hypersend.Server.Platform.Text;

namespace Hypersend.Tests.Platform.Text;

public sealed class NameFormTests
{
    [Theory]
    [InlineData("Ana", "ana")]
    [InlineData("ＡＮＡ", "ana")]
    [InlineData("STRASSE", "straße")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος")]
    [InlineData("ﬁle", "FILE")]
    [InlineData("Cafe\u0301", "CAFÉ")]
    [InlineData("ſhort", "SHORT")]
    [InlineData("K\u212A", "kk")]
    [InlineData("a\u200Db\u00ADc", "ABC")]
    [InlineData("ИВАН", "иван")]
    [InlineData("İstanbul", "istanbul")]
    public void Two_spellings_of_one_name_compare_equal(string one, string other) => Assert.Equal(NameForm.Of(one), NameForm.Of(other));

    [Theory]
    [InlineData("ana", "anna")]
    [InlineData("cafe", "café")]
    [InlineData("हिन्दी", "हनद")]
    public void Two_names_stay_two(string one, string other) => Assert.NotEqual(NameForm.Of(one), NameForm.Of(other));

    [Fact]
    public void The_form_of_a_form_is_itself_and_a_lone_half_does_no_harm()
    {
        using var file = SharedData.Json("naughty-strings.json");
        foreach (var text in file.RootElement.EnumerateArray().Select(text => text.GetString()!).Append("x\uD800y"))
            Assert.Equal(NameForm.Of(text), NameForm.Of(NameForm.Of(text)));
    }

    [Fact]
    public void Words_are_split_folded_and_distinct_and_a_username_also_stays_whole()
    {
        Assert.Equal(["anna", "smith", "1", "anna.smith-1"], NameForm.Words("Anna.Smith-1", null, "", "anna SMITH"));
        Assert.Equal(["o", "neil", "müller"], NameForm.Words("O'Neil, Müller"));
        Assert.Equal(["हिन्दी", "भाषा"], NameForm.Words("हिन्दी भाषा"));
        Assert.Empty(NameForm.Words("!!! — …", null));
    }

    [Fact]
    public void A_word_without_spaces_is_found_from_its_middle()
    {
        Assert.Equal(["田中太郎", "中太郎", "太郎", "郎"], NameForm.Words("田中太郎"));
        Assert.Contains("タロウ", NameForm.Words("タナカタロウ"));
        Assert.Equal(["𠮷野", "野"], NameForm.Words("𠮷野"));
        Assert.Equal(["ガラ", "ラ"], NameForm.Words("カ\u3099ラ"));
    }

    [Fact]
    public void Words_and_their_number_are_bounded()
    {
        var words = NameForm.Words(string.Join(' ', Enumerable.Range(100, 200)), new string('x', 500));
        Assert.Equal(64, words.Count);
        var cut = Assert.Single(NameForm.Words(string.Concat(Enumerable.Repeat("x𝒳", 10)) + string.Concat(Enumerable.Repeat("y𐐨", 40))));
        Assert.InRange(cut.Length, 63, 64);
        Assert.False(TextRules.HasLoneSurrogate(cut));
        Assert.All(NameForm.Words(new string('田', 200)), word => Assert.InRange(word.Length, 1, 64));
    }
}

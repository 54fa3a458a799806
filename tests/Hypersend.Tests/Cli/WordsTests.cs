using Hypersend.Cli.Files.Downloads;
using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Start;

namespace Hypersend.Tests.Cli;

public sealed class WordsTests
{
    private const string Id = "01a1ffad-85a1-7365-8d16-fc73181fe0e1";

    [Theory]
    [InlineData(Id, Id, null)]
    [InlineData("http://host:8000/s/abc", null, "http://host:8000/s/abc/download")]
    [InlineData("http://host/s/abc/download", null, "http://host/s/abc/download")]
    [InlineData("https://host/api/v1/files/" + Id + "/download", Id, "https://host/")]
    [InlineData("https://host/api/v1/files/" + Id + "/download?sig=x", null, "https://host/api/v1/files/" + Id + "/download?sig=x")]
    public void What_is_to_be_fetched_is_an_id_or_an_address(string word, string? id, string? address)
    {
        var wanted = Wanted.Read(word);

        Assert.Equal((id, address), (wanted.Id?.ToString(), wanted.Address?.ToString()));
    }

    [Theory]
    [InlineData("film")]
    [InlineData("ftp://host/s/abc")]
    public void Anything_else_is_refused_with_a_sentence(string word) =>
        Assert.Equal(ExitCodes.WrongUsage, Assert.Throws<StopException>(() => Wanted.Read(word)).Code);

    [Theory]
    [InlineData("keep", "keep", null)]
    [InlineData("after-delivery", "after_delivery", null)]
    [InlineData("downloads:3", "downloads", 3)]
    [InlineData("until:2099-01-31", "until", null)]
    [InlineData("until:7d", "until", null)]
    public void A_time_to_keep_is_read(string words, string mode, int? count)
    {
        var retention = RetentionWords.Read(words, TimeProvider.System)!;

        Assert.Equal((mode, count, mode == "until"), (retention.Mode, retention.Count, retention.At is not null));
    }

    [Theory]
    [InlineData("forever")]
    [InlineData("downloads:0")]
    [InlineData("downloads")]
    [InlineData("until:")]
    [InlineData("until:someday")]
    [InlineData("keep:1")]
    public void A_time_to_keep_that_is_none_is_refused(string words) =>
        Assert.Equal(ExitCodes.WrongUsage, Assert.Throws<StopException>(() => RetentionWords.Read(words, TimeProvider.System)).Code);
}

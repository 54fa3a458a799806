using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Files;

/// <summary>A link to a file for people without an account.</summary>
internal sealed class LinkCommand : Verb
{
    private readonly Argument<string> _file = new("FILE_ID") { Description = "The file's id, as \"hypersend ls\" shows it." };

    private readonly Option<TimeSpan?> _expires = new("--expires")
    {
        Description = "After how long the link ends, as 30m, 12h or 7d. Without it, it stays.",
        HelpName = "TIME",
        CustomParser = Durations.Parse,
    };

    private readonly Option<string?> _password = new("--password") { Description = "What visitors have to know; \"-\" reads it from the standard input, where no list of processes shows it.", HelpName = "TEXT" };

    private readonly Option<int?> _maxDownloads = new("--max-downloads") { Description = "How many visitors may fetch it.", HelpName = "COUNT" };

    public LinkCommand(Workplace place)
        : base(place, "link", "Make a link to a file for people without an account.")
    {
        Add(_file);
        Add(_expires);
        Add(_password);
        Add(_maxDownloads);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var password = line.GetValue(_password);
        var link = await signedIn.Client.Files.CreateLinkAsync(FileId.Parse(line.GetRequiredValue(_file), null), new CreateLinkRequest
        {
            ExpiresIn = line.GetValue(_expires) is { } life ? (long)life.TotalSeconds : null,
            Password = password == "-" ? (await Place.ReadInputAsync(cancellation)).TrimEnd('\r', '\n') : password,
            MaxDownloads = line.GetValue(_maxDownloads),
        }, cancellation);
        if (WantsJson(line))
            Screen.Json(link, HypersendJson.Wire.FileLink);
        else
            Screen.Line(link.Url ?? "");
    }
}

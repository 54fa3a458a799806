using System.CommandLine;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;

namespace Hypersend.Cli.Messages;

/// <summary>What was said, by its words.</summary>
internal sealed class SearchCommand : Verb
{
    private readonly Argument<string[]> _words = new("WORDS")
    {
        Description = "Beginnings of words, \"phrases\", and operators such as from:ana has:file before:2026-01-31.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _chat = new("--chat", "-c") { Description = $"Only in this chat: {ChatFinder.Naming}.", HelpName = "CHAT" };

    private readonly Option<int> _limit = new("--limit") { Description = "How many to show.", HelpName = "COUNT", DefaultValueFactory = _ => 50 };

    public SearchCommand(Workplace place)
        : base(place, "search", "Find messages.")
    {
        Add(_words);
        Add(_chat);
        Add(_limit);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var chat = line.GetValue(_chat) is { } name ? await ChatFinder.FindAsync(signedIn.Client, name, cancellation) : null;
        var found = await signedIn.Client.Search.MessagesAsync(
            string.Join(' ', line.GetRequiredValue(_words)), chat?.Id, limit: line.GetValue(_limit), cancellation: cancellation);
        if (WantsJson(line))
        {
            Screen.Json(found, HypersendJson.Wire.PageOfFoundMessages);
            return;
        }

        var names = (await ChatFinder.ListAsync(signedIn.Client, cancellation)).ToDictionary(mine => mine.Id, ChatFinder.NameOf);
        Screen.Table(["TIME", "CHAT", "FROM", "TEXT", "ID"], found.Items.Select(message => (string[])
        [
            Shown.Time(message.CreatedAt, Place.Around.Clock),
            names.GetValueOrDefault(message.ChatId) ?? message.ChatId.ToString(),
            message.Sender.Name,
            message.Content ?? "",
            message.Id.ToString(),
        ]));
        if (found.Items.Count == 0)
            Screen.Note("Nothing was found.");
    }
}

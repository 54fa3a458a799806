using System.CommandLine;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts;
using Hypersend.Contracts.Files;

namespace Hypersend.Cli.Files;

/// <summary>My files, or those of a chat.</summary>
internal sealed class ListFilesCommand : Verb
{
    private const int PageSize = 100;

    private readonly Option<string?> _to = new("--to", "-t") { Description = $"The files of this chat: {ChatFinder.Naming}. Without it, your own.", HelpName = "CHAT" };

    private readonly Option<int> _limit = new("--limit") { Description = "How many to list; 0 for all.", HelpName = "COUNT", DefaultValueFactory = _ => 100 };

    public ListFilesCommand(Workplace place)
        : base(place, "ls", "List files, the newest first.")
    {
        Add(_to);
        Add(_limit);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        var files = signedIn.Client.Files;
        var chat = line.GetValue(_to) is { } name ? await ChatFinder.FindAsync(signedIn.Client, name, cancellation) : null;
        var limit = line.GetValue(_limit) is > 0 and var some ? some : int.MaxValue;
        var listed = new List<SharedFile>();
        string? cursor = null;
        do
        {
            var size = Math.Min(PageSize, limit - listed.Count);
            var page = chat is null ? await files.ListAsync(cursor, size, cancellation) : await files.ListOfChatAsync(chat.Id, cursor, size, cancellation);
            listed.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null && listed.Count < limit);

        if (WantsJson(line))
            Screen.Json(new Page<SharedFile> { Items = listed, NextCursor = cursor }, HypersendJson.Wire.PageOfFiles);
        else
            Screen.Table(["ID", "SIZE", "STATE", "SENT", "NAME"], listed.Select(Row));
    }

    private string[] Row(SharedFile file) =>
        [file.Id.ToString(), Shown.Size(file.Size), file.State, Shown.Time(file.CreatedAt, Place.Around.Clock), file.Path is { Length: > 0 } path ? path : file.Filename];
}

using System.CommandLine;
using Hypersend.Cli.Chats;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Chats;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>What upload and watch have in common.</summary>
internal sealed class UploadOptions
{
    private const int Mebi = 1 << 20;
    private const string Myself = "me";

    private readonly Option<string> _to = new("--to") { Description = "The chat: " + ChatFinder.Naming + ", or me.", HelpName = "CHAT", Required = true };
    private readonly Option<string?> _retention = new("--retention") { Description = RetentionWords.Help, HelpName = "TIME" };
    private readonly Option<int?> _lanes = new("--lanes") { Description = "How many pieces are on their way at once, 1 to 32. Without it, four at first, more while that pays, fewer after failures.", HelpName = "N" };
    private readonly Option<int?> _chunk = new("--chunk-size") { Description = "The size of a piece in MiB, a power of two from 1 to 64.", HelpName = "MIB" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_to, _retention, _lanes, _chunk])
            command.Add(option);
        _lanes.Validators.Add(found =>
        {
            if (found.GetValueOrDefault<int?>() is < 1 or > 32)
                found.AddError("--lanes must be 1 to 32.");
        });
        _chunk.Validators.Add(found =>
        {
            if (found.GetValueOrDefault<int?>() is { } size && (size is < 1 or > 64 || !int.IsPow2(size)))
                found.AddError("--chunk-size must be a power of two from 1 to 64.");
        });
    }

    public async Task<UploadWish> ReadAsync(ParseResult line, Workplace place, SignedInClient me, CancellationToken cancellation)
    {
        var retention = RetentionWords.Read(line.GetValue(_retention), place.Around.Clock);
        var to = line.GetRequiredValue(_to);
        return new UploadWish
        {
            Chat = (to == Myself ? await me.Client.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Saved }, cancellation) : await ChatFinder.FindAsync(me.Client, to, cancellation)).Id,
            To = to,
            Retention = retention,
            Lanes = line.GetValue(_lanes),
            ChunkSize = line.GetValue(_chunk) * Mebi,
        };
    }
}

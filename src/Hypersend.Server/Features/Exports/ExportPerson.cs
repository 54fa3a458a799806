using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hypersend.Contracts;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Users;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;
using Hypersend.Server.Features.Users;
using Hypersend.Server.Platform;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Platform.Text;

namespace Hypersend.Server.Features.Exports;

/// <summary>
/// Everything of one person, as that person sees it, in the shapes of the API: their account, whom they know, their chats with all
/// that they may read there, and their files.
/// </summary>
internal sealed partial class ExportPerson(
    IAccountStore accounts, IUserStore users, ISessionStore sessions, IChatStore chats, IMemberStore members, IMessageStore messages, IScheduledStore scheduled,
    IFileStore files, IBlobStore blobs, IAvatarFiles pictures, PresenceTable presence, ServerOptions server, TimeProvider clock)
{
    /// <summary>What this program writes, and the newest that it reads.</summary>
    public const int Format = 1;

    private const int AtOnce = 200;

    /// <summary>Null when there is nobody of that user name, mail address or id.</summary>
    public async Task<Exported?> HandleAsync(string name, Func<IExportTarget> open, CancellationToken cancellation)
    {
        var id = Guid.TryParseExact(name, "D", out var guid) ? new UserId(guid) : (await accounts.FindByLoginAsync(NameForm.Of(name.Trim()), cancellation))?.Id;
        if (id is not { } user || await users.FindAsync(user, user, cancellation) is not { } profile)
            return null;
        await using var target = open();
        var about = new ExportHead { Format = Format, MadeBy = ServerVersion.Text, MadeAt = clock.GetUtcNow(), Server = server.PublicUrl.ToString(), UserId = user, Username = profile.Username };
        await PutAsync(target, "export.json", about, ExportJson.Default.ExportHead, cancellation);
        await PutAccountAsync(target, profile, cancellation);
        var (chatCount, messageCount) = await PutChatsAsync(target, user, cancellation);
        var (fileCount, missing) = await PutFilesAsync(target, user, cancellation);
        await target.FinishAsync();
        return new Exported(profile.Username, chatCount, messageCount, fileCount, missing);
    }

    private async Task PutAccountAsync(IExportTarget target, Profile profile, CancellationToken cancellation)
    {
        await PutAsync(target, "profile.json", Show(profile, profile.Id), HypersendJson.Wire.User, cancellation);
        if (await users.FindSettingsAsync(profile.Id, cancellation) is { } settings)
            await PutAsync(target, "settings.json", JsonSerializer.Deserialize(settings, HypersendJson.Wire.UserSettings)!, HypersendJson.Wire.UserSettings, cancellation);
        if (profile.AvatarHash is { } hash)
        {
            await using var picture = await pictures.OpenAsync(hash, cancellation);
            var ending = (await users.FindAvatarAsync(profile.Id, cancellation))?.Mime.Split('/')[^1] ?? "picture";
            if (picture is not null)
                await target.PutAsync("avatar." + ending, stream => picture.CopyToAsync(stream, cancellation));
        }

        var rows = await sessions.ListAsync(profile.Id, clock.GetUtcNow(), cancellation);
        var open = rows.Select(row => new Session
        {
            Id = row.Id,
            CreatedAt = row.CreatedAt,
            LastUsedAt = row.LastUsedAt,
            ExpiresAt = row.ExpiresAt,
            Address = row.Address,
            UserAgent = row.UserAgent,
            Current = false,
        });
        await PutAsync(target, "sessions.json", new Page<Session> { Items = [.. open] }, HypersendJson.Wire.PageOfSessions, cancellation);
        foreach (var (name, circle) in ((string, Circle)[])[("following", Circle.Following), ("followers", Circle.Followers), ("blocked", Circle.Blocked)])
            await PutCircleAsync(target, name, circle, profile.Id, cancellation);
    }

    private async Task PutCircleAsync(IExportTarget target, string name, Circle circle, UserId user, CancellationToken cancellation)
    {
        var people = new List<User>();
        for (var found = await users.ListAsync(circle, user, "", AtOnce, cancellation); found.Count > 0; found = await users.ListAsync(circle, user, found[^1].UsernameKey, AtOnce, cancellation))
            people.AddRange(found.Select(profile => Show(profile, user)));
        await PutAsync(target, name + ".json", new Page<User> { Items = people }, HypersendJson.Wire.PageOfUsers, cancellation);
    }

    private async Task<(int Files, IReadOnlyList<string> Missing)> PutFilesAsync(IExportTarget target, UserId user, CancellationToken cancellation)
    {
        var all = new List<FileRow>();
        for (var found = await files.ListAsync(user, long.MaxValue, AtOnce, cancellation); found.Count > 0; found = await files.ListAsync(user, found[^1].No, AtOnce, cancellation))
            all.AddRange(found);
        await PutLinesAsync(target, "files.jsonl", all.Select(FileView.Card), HypersendJson.Wire.SharedFile, cancellation);
        var missing = new List<string>();
        var ready = all.Where(file => file.IsReady && file.EndedAt is null).ToList();
        foreach (var file in ready)
        {
            var name = $"files/{file.Id}/{FileNames.Clean(file.Filename) ?? "file"}";
            try
            {
                await target.PutAsync(name, stream => CopyAsync(file, stream, cancellation));
            }
            catch (Exception exception) when (exception is FileNotFoundException or EndOfStreamException)
            {
                missing.Add(name);
            }
        }

        return (ready.Count - missing.Count, missing);
    }

    private async Task CopyAsync(FileRow file, Stream stream, CancellationToken cancellation)
    {
        var block = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            await using var reader = new Files.Tus.PieceReader(files, blobs, file);
            for (var at = 0L; at < file.Size;)
            {
                var count = await reader.ReadAsync(at, block.AsMemory(0, (int)Math.Min(block.Length, file.Size.Value - at)), cancellation);
                await stream.WriteAsync(block.AsMemory(0, count), cancellation);
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private User Show(Profile profile, UserId viewer) => UserRules.Present(profile, Viewer.Self(viewer), presence);

    private static Task PutAsync<T>(IExportTarget target, string name, T value, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        target.PutAsync(name, stream => JsonSerializer.SerializeAsync(stream, value, type, cancellation));

    private static Task PutLinesAsync<T>(IExportTarget target, string name, IEnumerable<T> values, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        target.PutAsync(name, async stream =>
        {
            foreach (var value in values)
                await WriteLineAsync(stream, value, type, cancellation);
        });

    private static async Task WriteLineAsync<T>(Stream stream, T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), cancellation);
        await stream.WriteAsync("\n"u8.ToArray(), cancellation);
    }
}

/// <summary>What was exported, and which files could not be read.</summary>
internal sealed record Exported(string Username, int Chats, long Messages, int Files, IReadOnlyList<string> Missing);

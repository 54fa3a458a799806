using System.Globalization;
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Sdk;
using Hypersend.Sdk.Messages;
using Hypersend.ServerTests.Backups;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Imports;

/// <summary>A server that two people leave, each with an export: it is on SQLite, whatever engine the one has to which they come.</summary>
public sealed class Emigrants : IAsyncLifetime
{
    internal const string NewPassword = "a long and quiet password";

    private readonly ScratchFolder _folder = new();
    private App _app = null!;
    private int _exports;

    internal static byte[] Film { get; } = Bytes.Of(Bytes.Mega + 333, seed: 7);

    internal Person Ana { get; private set; } = null!;

    internal Person Ben { get; private set; } = null!;

    internal ChatId Group { get; private set; }

    internal ChatId Direct { get; private set; }

    internal FileId FilmId { get; private set; }

    internal FileId TheirFile { get; private set; }

    /// <summary>A new export of Ana or Ben, as they are now.</summary>
    internal async Task<string> ExportAsync(Person person, string name)
    {
        var to = _folder.File($"{++_exports}-{name}");
        var said = await Operator.RunAsync("", ["export", person.Username, to, .. Settings]);
        Assert.True(said.Code == 0, said.Text);
        return to;
    }

    /// <summary>All that somebody sees of their chats.</summary>
    internal static async Task<IReadOnlyList<string>> LookAsync(HypersendClient client)
    {
        var lines = new List<string>();
        foreach (var chat in (await client.Chats.ListAsync(limit: 200)).Items.OrderBy(chat => chat.Id.Value))
        {
            lines.Add($"{chat.Type} {chat.Id} {chat.Name} {chat.Description} {chat.CreatedBy} {chat.CreatedAt:O} {chat.MemberCount} {chat.Permissions} {chat.LastSeq} pinned {chat.Pinned} draft {chat.Draft} last {chat.LastMessage?.Id}");
            if (chat.Type != ChatTypes.Saved)
                lines.AddRange((await client.Chats.ListMembersAsync(chat.Id)).Items.OrderBy(member => member.User.Id.Value).Select(member => $"{member.User.Id} {member.User.Name} {member.Role} {member.JoinedAt:O}"));
            long after = 0;
            while ((await client.Messages.ListAsync(chat.Id, new PageOf { After = after, Limit = 200 })).Items is { Count: > 0 } some)
            {
                lines.AddRange(some.Select(Line));
                after = some[^1].Seq;
            }
        }

        return lines;
    }

    /// <summary>The mail that somebody who came without a password asks for, and what it opens.</summary>
    internal static async Task<HypersendClient> ComeInAsync(App app, string email)
    {
        var client = app.Anonymous();
        await client.Accounts.ForgotPasswordAsync(new ForgotPasswordRequest { Email = email });
        await client.Accounts.ResetPasswordAsync(new ResetPasswordRequest { Token = (await app.Mail.NextToAsync(email)).Token, NewPassword = NewPassword });
        await client.Accounts.LoginAsync(new LoginRequest { Login = email, Password = NewPassword });
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _folder.Dispose();
    }

    private string[] Settings =>
        [$"--DATA_ROOT={_folder.File("there")}", $"--DATABASE_URL=sqlite:{Path.Combine(_folder.File("there"), "hypersend.db")}", "--SECRET_KEY=", "--PASSWORD_PEPPER="];

    private static string Line(Message message) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {message.Id} {message.Type} {message.Sender.Id} {message.Content} {message.ClientId} {message.CreatedAt:O} to {message.ReplyTo} in {message.Thread} ({message.ThreadCount}) from {message.ForwardedFrom} {message.ForwardedSender?.Id}")
        + $" edited {message.EditedAt:O} deleted {message.DeletedAt:O} pinned {message.Pinned} kept {message.Bookmarked} all {message.MentionsAll} {string.Join(',', message.Mentions)}"
        + $" {message.System?.Event} {message.System?.User?.Id} {string.Join(',', message.Reactions.Where(one => one.Me == true).Select(one => one.Emoji))}";

    public async ValueTask InitializeAsync()
    {
        if (Cluster.IsOn || TestDatabase.Missing is not null)
            return;
        try
        {
            await LiveAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task LiveAsync()
    {
        _app = await App.StartAsync(Settings);
        (Ana, Ben) = (await _app.SignUpAsync("ana", "Ána"), await _app.SignUpAsync("ben"));
        var eve = await _app.SignUpAsync("eve");
        await Ana.Users.UpdateMeAsync(new() { Bio = "moves house" });
        await Ana.Users.SetAvatarAsync(Pictures.Png, "image/png");
        await Ana.Users.UpdateSettingsAsync(new() { Language = "de" });
        await Ana.Users.FollowAsync(Ben.Id);
        await Ana.Users.BlockAsync(eve.Id);

        Group = await _app.GroupAsync(Ana, Ben);
        var first = await Ben.SendAsync(Group, "the first");
        var answer = await Ana.SendAsync(Group, "an answer", replyTo: first.Id);
        await Ben.SendAsync(Group, "in a thread", thread: answer.Id);
        await Ana.Messages.ReactAsync(first.Id, "👍");
        await Ben.Messages.ReactAsync(first.Id, "👍");
        await Ana.Messages.PinAsync(first.Id);
        await Ana.Messages.BookmarkAsync(first.Id);
        await Ana.Messages.EditAsync(answer.Id, "a better answer");
        var gone = await Ben.SendAsync(Group, "not said");
        await Ben.Messages.DeleteAsync(gone.Id);
        await Ben.SendAsync(Group, $"for @{Ana.Username} and @all");
        FilmId = await Ana.SendFileAsync(Group, Film);
        TheirFile = await Ben.UploadAsync(Group);

        // More than one commit takes.
        for (var i = 0; i < 255; i++)
            await Ana.SendAsync(new SendMessageRequest { ChatId = Group, Content = $"number {i}", ClientId = $"mine-{i}" });
        Direct = await Ana.DirectAsync(Ben);
        await Ben.SendAsync(Direct, "between us");
        await Ana.SendAsync(new SendMessageRequest { ChatId = new ChatId(Ana.Id.Value), Content = "a note" });
        await Ana.Chats.UpdateSettingsAsync(Group, new ChatSettingsRequest { Pinned = true, Draft = new("half a") });
        await Ana.ReadAsync(Group);
        await Ana.ReadAsync(Direct);
    }
}

using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Hypersend.Contracts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Engines.Sql.Sqlite;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Presence;

namespace Hypersend.Bench;

/// <summary>The newest fifty messages of a chat of ten thousand: read from a SQLite file on a reader's thread, and written as the JSON of the answer.</summary>
public class NewestPageBenchmark : IAsyncDisposable
{
    private const int Messages = 10_000;
    private const int AtOnce = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("hypersend-bench-").FullName;
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly UserId _ana = SampleMessage.Ana;
    private readonly ChatId _chat = SampleMessage.Chat;
    private SqliteDatabase _database = null!;
    private SqlMessageStore _store = null!;
    private MessagePage _page = null!;

    [GlobalSetup]
    public async Task FillAsync()
    {
        _database = new SqliteDatabase(Path.Combine(_folder, "hypersend.db"), TimeProvider.System);
        _store = new SqlMessageStore(_database);
        await _database.MigrateAsync(Migration.Embedded(), CancellationToken.None);
        await SignUpAsync();
        var chat = new NewChat { Id = _chat, Type = ChatTypes.Group, Name = "Lake", MembersMay = ChatRules.DefaultRights(ChatTypes.Group), Creator = _ana, Members = [] };
        if ((await new SqlChatStore(_database, new PresenceTable(TimeProvider.System)).CreateAsync(chat, _now, CancellationToken.None)).Failure is { } failure)
            throw new InvalidOperationException(failure.Code);
        for (var from = 0; from < Messages; from += AtOnce)
            await _store.AppendAsync([.. Enumerable.Range(from, AtOnce).Select(Message)], _now, CancellationToken.None);
        _page = await ReadAsync();
    }

    [Benchmark]
    public int Serialise() => JsonSerializer.SerializeToUtf8Bytes(_page, HypersendJson.Wire.MessagePage).Length;

    [GlobalCleanup]
    public Task CleanAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public async Task<MessagePage> ReadAsync()
    {
        var wish = new PageWish(null, null, null, PageLimits.Clamp(null), null);
        if (!(await _store.PageAsync(_ana, _chat, wish, CancellationToken.None)).Succeeded(out var page, out var failure))
            throw new InvalidOperationException(failure.Code);
        return new MessagePage
        {
            Items = [.. page.Items.Select(seen => seen.Show(_now))],
            HasMoreBefore = page.HasMoreBefore,
            HasMoreAfter = page.HasMoreAfter,
            Rev = page.Rev,
        };
    }

    private NewMessage Message(int number) => new()
    {
        Sender = _ana,
        Chat = _chat,
        Content = SampleMessage.Row(1, 1).Content!,
        ClientId = number.ToString(CultureInfo.InvariantCulture),
    };

    private async Task SignUpAsync()
    {
        var account = new NewAccount
        {
            Id = _ana,
            Username = "ana",
            UsernameKey = "ana",
            Email = "ana@example.org",
            EmailKey = "ana@example.org",
            Name = "Ana Banana",
            PasswordHash = "",
            Words = [],
            CreatedAt = _now,
        };
        var session = new NewSession
        {
            Id = new SessionId(Guid.CreateVersion7(_now)),
            UserId = _ana,
            CreatedAt = _now,
            ExpiresAt = _now.AddDays(1),
            Address = "127.0.0.1",
            UserAgent = "bench",
            RefreshHash = [1],
            NextRefreshHash = [2],
        };
        var gate = new RegistrationGate { Mode = "open", FromThisMachine = false, BringsSetupCode = false, InviteHash = null };
        await new SqlAccountStore(_database).RegisterAsync(account, session, gate, CancellationToken.None);
    }
}

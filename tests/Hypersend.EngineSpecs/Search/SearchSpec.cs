using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Search;
using Hypersend.EngineSpecs.Engines;
using Hypersend.EngineSpecs.Messages;
using Hypersend.Server.Engines.Search.Postgres;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Features.Search;
using Hypersend.Server.Realtime;

namespace Hypersend.EngineSpecs.Search;

/// <summary>What an index finds is the same on every engine, and what it has read it knows after a crash.</summary>
public abstract class SearchSpec(Engine engine) : ConversationSpec(engine)
{
    private static readonly SearchTurns Turns = new();

    private ISearchIndex _index = null!;

    private SqlSearchSource Source => new(Database);

    private FindMessages Finding => new(_index, Source, new ResolveNames(Users), Turns, TimeProvider.System);

    private protected abstract ISearchIndex Make();

    private protected override async Task PrepareAsync()
    {
        await Admins.ReadOrWriteFactAsync("epoch", "an epoch", Cancellation);
        _index = Make();
        await ReadAllAsync();
    }

    [Theory]
    [InlineData("ar", "bho", "bn", "de", "en")]
    [InlineData("fr", "gu", "hi", "ja", "mr")]
    [InlineData("pa", "ta", "te", "ur", "zh")]
    public async Task The_golden_queries_find_what_they_are_to_find(params string[] languages)
    {
        var ana = await JoinAsync("ana");
        var wrong = new List<string>();
        foreach (var golden in languages.Select(Golden.Read))
        {
            var chat = await GroupAsync(ana);
            for (var i = 0; i < golden.Sentences.Count; i++)
                await Messages.AppendAsync([new NewMessage { Sender = ana.Id, Chat = chat, Content = golden.Sentences[i] }], Now.AddSeconds(i), Cancellation);
            await ReadAllAsync();
            Assert.NotEmpty(golden.Queries);
            foreach (var (query, expected) in golden.Queries)
            {
                var found = await FindAsync(ana, query, chat);
                var numbers = found.Select(message => (int)message.Seq).ToList();
                if (!numbers.SequenceEqual(expected.Reverse()))
                    wrong.Add($"{golden.Language}: {query} => {string.Join(' ', Enumerable.Reverse(numbers))} instead of {string.Join(' ', expected)}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Before_it_is_opened_nothing_is_found_in_it()
    {
        var ana = await JoinAsync("ana");
        await GroupAsync(ana);
        _index = Make();
        Assert.Empty(await FindAsync(ana, "armadillo"));
    }

    [Fact]
    public async Task A_node_that_leaves_the_index_to_another_one_finds_in_it()
    {
        if (Database.Dialect.Name == "sqlite")
            Assert.Skip("There is one node with SQLite.");
        var ana = await JoinAsync("ana");
        await SendAsync(ana, await GroupAsync(ana), "a shared platypus");
        await ReadAllAsync();
        _index = Make();
        Assert.Single(await FindAsync(ana, "platypus"));
    }

    [Theory]
    [InlineData("pangolin after:2200-01-01")]
    [InlineData("pangolin before:1971-01-01")]
    [InlineData("pangolin after:2200-01-01 before:2300-01-01")]
    [InlineData("pangolin after:2300-01-01 before:2200-01-01")]
    public async Task In_a_time_without_messages_nothing_is_found(string query)
    {
        var ana = await JoinAsync("ana");
        await SendAsync(ana, await GroupAsync(ana), "a pangolin of today");
        await ReadAllAsync();
        Assert.Single(await FindAsync(ana, "pangolin"));
        Assert.Empty(await FindAsync(ana, query));
    }

    [Fact]
    public async Task A_change_is_found_by_what_it_says_now_and_what_is_deleted_by_nothing()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        var row = await SendAsync(ana, chat, "a lonely armadillo");
        await ReadAllAsync();
        Assert.Single(await FindAsync(ana, "armadillo"));

        Answer(await Messages.EditAsync(ana.Id, IdOf(chat, row), "a lonely pangolin", Now, Cancellation));
        Assert.Empty(await FindAsync(ana, "armadillo"));
        await ReadAllAsync();
        Assert.Empty(await FindAsync(ana, "armadillo"));
        Assert.Single(await FindAsync(ana, "pangolin"));
        Answer(await Messages.ReactAsync(ana.Id, IdOf(chat, row), "👍", on: true, Now, Cancellation));
        await ReadAllAsync();
        Assert.Single(await FindAsync(ana, "pangolin"));

        Answer(await Messages.DeleteAsync(ana.Id, IdOf(chat, row), Now, Cancellation));
        Assert.Empty(await FindAsync(ana, "pangolin"));
        await ReadAllAsync();
        Assert.Empty(await FindAsync(ana, "pangolin"));
    }

    [Fact]
    public async Task What_was_changed_deleted_or_left_is_gone_from_the_index_when_it_is_tidied()
    {
        // In five chats, ten steps, each a segment of its own: every message is said in one and changed in the next.
        const int Chats = 5;
        const int Steps = 10;

        // Without what the tests before have left in it: only so many segments come together at once.
        await _index.ClearAsync(Cancellation);
        await OpenAsync();
        for (var step = 0; step <= Steps; step++)
        {
            var said = Enumerable.Range(1, Chats).Select(chat => Indexed(chat, step + 1, "said"));
            var changed = step == 0 ? [] : Enumerable.Range(1, Chats).Select(chat => chat == 2 ? Indexed(chat, step, null) : Indexed(chat, step, "changed"));
            var read = Enumerable.Range(1, Chats).Select(chat => new ReadOn(chat + 1_000, step, step + 1));
            Assert.True(await _index.ApplyAsync([.. said, .. changed], [.. read], Cancellation));
        }

        await _index.ForgetAsync(1_003, Cancellation);
        var tidied = 0;
        while (await _index.TidyAsync(Cancellation))
            tidied++;
        Assert.NotEqual(0, tidied);
        Assert.Equal(Places(1, 4, 5), await KeysAsync("changed"));
        Assert.Equal(Enumerable.Range(1, Chats).Where(chat => chat != 3).Select(chat => MessageKey.Of(chat + 1_000, Steps + 1)).OrderDescending(), await KeysAsync("said"));

        // What came together is not found by itself only, but also from its middle.
        Assert.Equal(Places(1, 4, 5).Skip(7), await KeysAsync("changed", Places(1, 4, 5).ElementAt(6)));

        static IEnumerable<long> Places(params int[] chats) =>
            Enumerable.Range(1, Steps).Reverse().SelectMany(seq => chats.OrderDescending().Select(chat => MessageKey.Of(chat + 1_000, seq)));
    }

    [Fact]
    public async Task What_another_reader_has_read_is_not_read_over()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        await SendAsync(ana, chat, "first of two");
        await ReadAllAsync();
        var (ours, theirs) = (await OpenAsync(), await OpenAsync());
        await SendAsync(ana, chat, "second of two");
        await ReadAsync(ours);
        await ReadAsync(theirs);
        Assert.Equal(2, (await FindAsync(ana, "two", chat)).Count);
    }

    [Fact]
    public async Task A_chat_that_is_gone_leaves_the_index()
    {
        var ana = await JoinAsync("ana");
        var chat = await GroupAsync(ana);
        await SendAsync(ana, chat, "ephemeral chinchilla");
        await ReadAllAsync();
        Assert.Single(await FindAsync(ana, "chinchilla"));
        await ExecuteAsync("UPDATE chats SET deleted_at = @Now WHERE id = @chat", new { Now, chat });
        Assert.Empty(await FindAsync(ana, "chinchilla"));
        await ReadAllAsync();
        Assert.Empty(await FindAsync(ana, "chinchilla"));
    }

    [Fact]
    public async Task Another_identity_empties_it_and_it_is_made_anew()
    {
        var ana = await JoinAsync("ana");
        await SendAsync(ana, await GroupAsync(ana), "reborn axolotl");
        await ReadAllAsync();
        Assert.False(await _index.OpenAsync("somebody else's", Cancellation));
        Assert.Empty(await _index.RevsAsync(Cancellation));
        Assert.Empty(await FindAsync(ana, "axolotl"));
        await ReadAllAsync();
        Assert.Single(await FindAsync(ana, "axolotl"));
        await ReadAllAsync();
    }

    [Fact]
    public async Task Common_words_are_paged_across_many_chats_in_order()
    {
        var (ana, eve) = (await JoinAsync("ana"), await JoinAsync("eve"));
        var chats = new List<ChatId>();
        for (var i = 0; i < 70; i++)
            chats.Add(await GroupAsync(i % 3 == 0 ? eve : ana));
        var batch = Enumerable.Range(0, 300).Select(i => new NewMessage { Sender = i % 70 % 3 == 0 ? eve.Id : ana.Id, Chat = chats[i % 70], Content = $"common wombat {i}" }).ToList();
        for (var i = 0; i < batch.Count; i += 100)
            await Messages.AppendAsync(batch.GetRange(i, 100), Now.AddDays(i), Cancellation);
        await ReadAllAsync();

        var found = new List<FoundMessage>();
        FindPlace? after = null;
        do
        {
            var page = await PageAsync(ana, "wombat", after, 17);
            found.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(batch.Count(message => message.Sender == ana.Id), found.Count);
        Assert.Equal(found.Count, found.Select(message => message.Id).Distinct().Count());
        Assert.Equal(found.Select(message => message.CreatedAt).OrderDescending(), found.Select(message => message.CreatedAt));
        Assert.All(found, message => Assert.Equal(ana.Id, message.Sender.Id));
        Assert.Equal(100, (await PageAsync(ana, "wombat after:2026-07-01 before:2026-12-31", null, 200)).Items.Count + (await PageAsync(eve, "wombat after:2026-07-01 before:2026-12-31", null, 200)).Items.Count);
    }

    private async Task<IReadOnlyList<FoundMessage>> FindAsync(Person person, string query, ChatId? chat = null) =>
        Answer(await Finding.HandleAsync(person.Id, Answer(QueryParser.Parse(query)), chat, after: null, limit: 50, Cancellation)).Items;

    private async Task<FoundPage> PageAsync(Person person, string query, FindPlace? after, int limit) =>
        Answer(await Finding.HandleAsync(person.Id, Answer(QueryParser.Parse(query)), chat: null, after, limit, Cancellation));

    private static IndexedMessage Indexed(int chat, int seq, string? word) =>
        new(MessageKey.Of(chat + 1_000, seq), seq * 1_000, word is null ? null : [.. TermsOf(word), SearchTerms.Chat(chat + 1_000)]);

    private static HashSet<int> TermsOf(string word)
    {
        var terms = new HashSet<int>();
        SearchTerms.AddWanted(terms, [], Tokeniser.Words(word));
        return terms;
    }

    /// <summary>What the index itself says, with nobody looking at the messages.</summary>
    private async Task<IEnumerable<long>> KeysAsync(string word, long? after = null)
    {
        var wish = new IndexWish
        {
            Chats = Enumerable.Range(1_001, 10).Select(chat => (long)chat).ToHashSet(),
            All = TermsOf(word),
            After = after is { } key ? new FindPlace(MessageKey.SeqOf(key) * 1_000, key) : null,
            Limit = 100,
        };
        return (await _index.FindAsync(wish, Cancellation)).Items.Select(find => find.Key);
    }

    private async Task ReadAllAsync() => await ReadAsync(await OpenAsync());

    private async Task<IndexReader> OpenAsync()
    {
        var reader = new IndexReader(_index, Source, new Epoch(Admins), TimeProvider.System);
        await reader.OpenAsync(Cancellation);
        return reader;
    }

    private static async Task ReadAsync(IndexReader reader)
    {
        await reader.CompareAsync(Cancellation);
        while (await reader.ReadSomeAsync(Cancellation))
        {
            // Until nothing waits.
        }
    }
}

public sealed class SearchOnPostgres(PostgresEngine engine) : SearchSpec(engine), IClassFixture<PostgresEngine>
{
    private protected override ISearchIndex Make() => new PostgresSearchIndex(Database, TimeProvider.System);
}

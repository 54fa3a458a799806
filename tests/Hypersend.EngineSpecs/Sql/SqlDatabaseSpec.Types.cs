using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Ids;

namespace Hypersend.EngineSpecs.Sql;

/// <summary>Types: what is written comes back, and text has the same order everywhere.</summary>
public abstract partial class SqlDatabaseSpec
{
    private const string CreateThings =
        """
        DROP TABLE IF EXISTS things;
        CREATE TABLE things (
            id {uuid} PRIMARY KEY, plain {uuid} NOT NULL, at {time} NOT NULL, bytes {bytes} NOT NULL, flag {bool} NOT NULL, text {text} NOT NULL, number {int} NOT NULL,
            maybe_id {uuid}, maybe_plain {uuid}, maybe_at {time}, maybe_bytes {bytes}, maybe_flag {bool}, maybe_text {text}, maybe_number {int}
        ){strict}
        """;

    private sealed record Thing
    {
        public UserId Id { get; init; }

        public Guid Plain { get; init; }

        public DateTimeOffset At { get; init; }

        public byte[] Bytes { get; init; } = [];

        public bool Flag { get; init; }

        public string Text { get; init; } = "";

        public long Number { get; init; }

        public SessionId? MaybeId { get; init; }

        public Guid? MaybePlain { get; init; }

        public DateTimeOffset? MaybeAt { get; init; }

        public byte[]? MaybeBytes { get; init; }

        public bool? MaybeFlag { get; init; }

        public string? MaybeText { get; init; }

        public long? MaybeNumber { get; init; }
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_was()
    {
        var thing = new Thing
        {
            Id = new UserId(Guid.CreateVersion7(Now)),
            Plain = Guid.CreateVersion7(Now),
            At = Now.AddMilliseconds(987),
            Bytes = RandomNumberGenerator.GetBytes(300),
            Flag = true,
            Text = "ä漢🎈",
            Number = long.MinValue,
            MaybeId = new SessionId(Guid.CreateVersion7(Now)),
            MaybePlain = Guid.CreateVersion7(Now),
            MaybeAt = DateTimeOffset.UnixEpoch.AddMilliseconds(-1),
            MaybeBytes = [],
            MaybeFlag = false,
            MaybeText = "",
            MaybeNumber = long.MaxValue,
        };
        await KeepAsync(thing);
        var found = await FindAsync(thing.Id);
        Assert.Equal(thing.Bytes, found.Bytes);
        Assert.Equal(thing.MaybeBytes, found.MaybeBytes);
        Assert.Equal(thing, found with { Bytes = thing.Bytes, MaybeBytes = thing.MaybeBytes });
    }

    [Fact]
    public async Task Nothing_comes_back_as_nothing()
    {
        var thing = new Thing { Id = new UserId(Guid.CreateVersion7(Now)), At = DateTimeOffset.UnixEpoch };
        await KeepAsync(thing);
        var found = await FindAsync(thing.Id);
        Assert.Equal(thing, found with { Bytes = thing.Bytes });
    }

    [Fact]
    public async Task A_time_keeps_its_milliseconds_whatever_its_zone()
    {
        var thing = new Thing { Id = new UserId(Guid.CreateVersion7(Now)), At = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 8, TimeSpan.FromHours(5.5)).AddTicks(9) };
        await KeepAsync(thing);
        var found = (await FindAsync(thing.Id)).At;
        Assert.Equal(thing.At.AddTicks(-9), found);
        Assert.Equal(TimeSpan.Zero, found.Offset);
    }

    [Fact]
    public async Task Ids_sort_by_age()
    {
        var ids = Enumerable.Range(0, 50).Select(i => new UserId(Guid.CreateVersion7(Now.AddMilliseconds(i * 300)))).ToList();
        await KeepAsync([.. ids.AsEnumerable().Reverse().Select(id => new Thing { Id = id })]);
        Assert.Equal(ids, await Database.ReadAsync(sql => sql.ListAsync<UserId>("SELECT id FROM things ORDER BY id"), Cancellation));
    }

    [Fact]
    public async Task Every_naughty_string_comes_back_as_it_was()
    {
        using var data = SharedData.Json("naughty-strings.json");
        var texts = data.RootElement.EnumerateArray().Select(one => one.GetString()!).Where(text => !text.Contains('\0', StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(texts);
        await KeepAsync([.. texts.Select((text, i) => new Thing { Id = new UserId(Guid.CreateVersion7(Now)), Text = text, Number = i })]);
        Assert.Equal(texts, await Database.ReadAsync(sql => sql.ListAsync<string>("SELECT text FROM things ORDER BY number"), Cancellation));
    }

    [Fact]
    public async Task Text_sorts_and_compares_by_code_point()
    {
        string[] texts = ["a", "B", "b", "A", "ä", "z", "Z", "Ω", "ω", "漢", "é", "e", "_", "-", "1", "10", "2", "🎈", "\uFFFD", "\uE000", "ab", "a b", ""];
        await KeepAsync([.. texts.Select(text => new Thing { Id = new UserId(Guid.CreateVersion7(Now)), Text = text })]);
        // By bytes of UTF-8, which is by code point: UTF-16 puts astral characters before U+E000.
        var ordered = texts.OrderBy(text => Convert.ToHexString(Encoding.UTF8.GetBytes(text)), StringComparer.Ordinal).ToList();
        Assert.Equal(ordered, await Database.ReadAsync(sql => sql.ListAsync<string>("SELECT text FROM things ORDER BY text"), Cancellation));
        Assert.Equal(
            ordered[ordered.IndexOf("z")..],
            await Database.ReadAsync(sql => sql.ListAsync<string>("SELECT text FROM things WHERE text >= @from ORDER BY text", new { from = "z" }), Cancellation));
    }

    private Task KeepAsync(params IReadOnlyList<Thing> things) => Database.WriteAsync(
        async sql =>
        {
            await sql.ExecuteAsync(sql.Dialect.Translate(CreateThings));
            foreach (var thing in things)
            {
                await sql.ExecuteAsync(
                    """
                    INSERT INTO things (id, plain, at, bytes, flag, text, number, maybe_id, maybe_plain, maybe_at, maybe_bytes, maybe_flag, maybe_text, maybe_number)
                    VALUES (@Id, @Plain, @At, @Bytes, @Flag, @Text, @Number, @MaybeId, @MaybePlain, @MaybeAt, @MaybeBytes, @MaybeFlag, @MaybeText, @MaybeNumber)
                    """,
                    thing);
            }
        },
        Cancellation);

    private async Task<Thing> FindAsync(UserId id) =>
        (await Database.ReadAsync(sql => sql.FindAsync<Thing>("SELECT * FROM things WHERE id = @id", new { id }), Cancellation))!;
}

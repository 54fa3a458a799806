using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Chats;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>The beginning of an upload: everything that can be wrong with it is told before the first byte.</summary>
public sealed class InitTests(App app) : IClassFixture<App>
{
    private const string Init = "/api/v1/files/init";

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\windows\\system32\\cmd.exe", "cmd.exe")]
    [InlineData("/etc/shadow", "shadow")]
    [InlineData("a\u0001b\u0007.txt", "ab.txt")]
    public async Task A_name_keeps_its_last_part_and_nothing_that_leads_elsewhere(string asked, string kept)
    {
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = asked, Size = 1 });

        Assert.Equal(kept, (await ana.Files.GetAsync(upload.FileId)).Filename);
    }

    [Theory]
    [InlineData("""{"size":1}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"","size":1}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"..","size":1}""", ErrorCodes.InvalidFilename)]
    [InlineData("""{"filename":"../..","size":1}""", ErrorCodes.InvalidFilename)]
    [InlineData("""{"filename":"a","path":"../../b","size":1}""", ErrorCodes.InvalidFilename)]
    [InlineData("""{"filename":"a","size":-1}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"chunk_size":1000000}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"chunk_size":0}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"chunk_size":-1048576}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"chunk_size":134217728}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":42949672960,"chunk_size":1048576}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"retention":{"mode":"for_ever"}}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"retention":{"mode":"until"}}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"retention":{"mode":"until","at":"2001-01-01T00:00:00Z"}}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"retention":{"mode":"downloads"}}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"retention":{"mode":"downloads","count":0}}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"sha256_root":"abc"}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"width":0}""", ErrorCodes.ValidationFailed)]
    [InlineData("""{"filename":"a","size":1,"duration":-1}""", ErrorCodes.ValidationFailed)]
    public async Task What_makes_no_sense_is_refused_and_leaves_nothing_behind(string json, string code)
    {
        var ana = await app.SignUpAsync("ana");

        await ana.PostAsync(Init, json).RefusedAsync(422, code);

        await HasNothingAsync(ana);
    }

    [Fact]
    public async Task A_file_over_the_limit_is_told_the_limit()
    {
        var ana = await app.SignUpAsync("ana");

        var problem = await ana.PostAsync(Init, """{"filename":"a","size":42949672961}""").RefusedAsync(413, ErrorCodes.FileTooLarge);

        Assert.Equal(42949672960, problem.More!["max_size"].GetInt64());
        await HasNothingAsync(ana);
    }

    [Fact]
    public async Task A_size_that_is_no_whole_number_is_malformed()
    {
        var ana = await app.SignUpAsync("ana");

        await ana.PostAsync(Init, """{"filename":"a","size":"1"}""").RefusedAsync(400, ErrorCodes.MalformedBody);
        await ana.PostAsync(Init, """{"filename":"a","size":1.5}""").RefusedAsync(400, ErrorCodes.MalformedBody);
        await ana.PostAsync(Init, """{"filename":"a","size":99999999999999999999}""").RefusedAsync(400, ErrorCodes.MalformedBody);
    }

    [Fact]
    public async Task A_chat_that_is_not_mine_or_not_to_write_in_refuses_the_file_and_keeps_nothing()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var chat = await app.GroupAsync(ana);
        var channel = await ana.ChannelAsync();
        await ben.Client.Channels.SubscribeAsync(channel);

        await ben.Files.InitAsync(Into(new ChatId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())))).RefusedAsync(404, ErrorCodes.NotFound);
        await ben.Files.InitAsync(Into(chat)).RefusedAsync(404, ErrorCodes.NotFound);
        await ben.Files.InitAsync(Into(channel)).RefusedAsync(403, ErrorCodes.Forbidden);

        await HasNothingAsync(ben);
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    [Fact]
    public async Task The_same_client_id_is_the_same_upload_and_the_same_message()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var request = Into(chat) with { ClientId = "once", Caption = "look" };

        var first = await ana.Files.InitAsync(request);
        var second = await ana.Files.InitAsync(request);

        Assert.Equal((first.UploadId, first.Message!.Id), (second.UploadId, second.Message!.Id));
        Assert.Single(await ana.HistoryAsync(chat), message => message.Content == "look");
        Assert.Single((await ana.Files.ListAsync()).Items);
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task The_same_client_id_after_a_cancel_is_another_upload_and_another_message()
    {
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);
        var request = Into(chat) with { ClientId = "again" };
        var first = await ana.Files.InitAsync(request);
        await ana.Files.DeleteAsync(first.UploadId);

        var second = await ana.Files.InitAsync(request);

        Assert.NotEqual((first.UploadId, first.Message!.Id), (second.UploadId, second.Message!.Id));
        Assert.Equal(second.FileId, Assert.Single(second.Message.Files).Id);
        Assert.Equal(second.Message.Id, (await ana.Files.InitAsync(request)).Message!.Id);
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task Twenty_uploads_may_be_open_and_no_more()
    {
        var ana = await app.SignUpAsync("ana");
        var last = default(Upload);
        foreach (var _ in Enumerable.Range(0, 20))
            last = await ana.BeginAsync(1);
        await ana.BeginAsync(1).RefusedAsync(409, ErrorCodes.TooManyUploads);

        await ana.Files.DeleteAsync(last!.UploadId);

        await ana.BeginAsync(1);
        await ana.BeginAsync(1).RefusedAsync(409, ErrorCodes.TooManyUploads);
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task A_root_that_is_mine_is_here_already_and_to_others_it_says_nothing()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var bytes = FileCalls.Bytes(FileCalls.Chunk + 1);
        var first = await ana.BeginAsync(bytes.Length);
        await ana.Files.SendChunkAsync(first.UploadId, 0, bytes.AsMemory(0, FileCalls.Chunk));
        await ana.Files.SendChunkAsync(first.UploadId, 1, bytes.AsMemory(FileCalls.Chunk));
        var root = (await ana.Files.CompleteAsync(first.UploadId)).Sha256Root;
        var request = new InitUploadRequest { Filename = "again.bin", Size = bytes.Length, ChunkSize = FileCalls.Chunk, Sha256Root = root };

        var again = await ana.Files.InitAsync(request);
        var other = await ben.Files.InitAsync(request);

        var here = Assert.Single(again.Received);
        Assert.Equal([0, 1], here);
        Assert.Empty(other.Received);
        Assert.Equal(root, (await ana.Files.CompleteAsync(again.UploadId, root)).Sha256Root);
        await ben.Files.CompleteAsync(other.UploadId, root).RefusedAsync(409, ErrorCodes.ChunksMissing);

        // The first goes, and the second keeps its bytes.
        await ana.Files.DeleteAsync(first.FileId);
        Assert.Equal(bytes, await app.StoredAsync(again.FileId));
        await FileBooks.CheckAsync(app);
    }

    [Fact]
    public async Task Bytes_that_are_here_are_what_they_are_whatever_is_said_of_them_now()
    {
        var ana = await app.SignUpAsync("ana");
        var page = "<!doctype html><html><script>alert(1)</script></html>"u8.ToArray();
        var first = await ana.Files.InitAsync(new InitUploadRequest { Filename = "a.html", Size = page.Length });
        await ana.Files.SendChunkAsync(first.UploadId, 0, page);
        var done = await ana.Files.CompleteAsync(first.UploadId);

        var again = await ana.Files.InitAsync(new InitUploadRequest { Filename = "cat.png", Size = page.Length, Mime = "image/png", Sha256Root = done.Sha256Root, ChatId = await app.GroupAsync(ana) });

        Assert.NotEmpty(again.Received);
        Assert.Equal(Contracts.Messages.MessageTypes.Document, again.Message!.Type);
        Assert.Equal((done.Mime, "text/html"), ((await ana.Files.CompleteAsync(again.UploadId)).Mime, done.Mime));
    }

    [Fact]
    public async Task A_name_of_any_length_is_cut_and_keeps_its_extension()
    {
        var ana = await app.SignUpAsync("ana");
        foreach (var length in new[] { 300, 1025, 30_000 })
        {
            var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = new string('a', length) + ".tar.gz", Size = 1 });
            Assert.Equal(new string('a', 248) + ".tar.gz", (await ana.Files.GetAsync(upload.FileId)).Filename);
        }
    }

    private static InitUploadRequest Into(ChatId chat) => new() { Filename = "file.bin", Size = 10, ChatId = chat };

    private static async Task HasNothingAsync(Person person)
    {
        Assert.Empty((await person.Files.ListAsync()).Items);
        var usage = await person.Files.GetUsageAsync();
        Assert.Equal((0, 0), (usage.UsedBytes, usage.Files));
    }
}

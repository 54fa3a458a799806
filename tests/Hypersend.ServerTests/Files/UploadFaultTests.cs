using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.ServerTests.Faults;
using Hypersend.ServerTests.Fixture;

namespace Hypersend.ServerTests.Files;

/// <summary>
/// The k-th call to the database or to the store of bytes fails, for every k there is: nothing is acknowledged that is not
/// there, repeating works, the books are right, and nothing lies around.
/// </summary>
public sealed class UploadFaultTests(ITestOutputHelper output)
{
    private const int Enough = 200;

    private static readonly byte[] Content = FileCalls.Bytes(1000);

    [Theory]
    [InlineData("init")]
    [InlineData("init in a chat")]
    [InlineData("chunk")]
    [InlineData("complete")]
    [InlineData("delete")]
    public async Task A_failing_call_is_never_acknowledged_and_repeating_it_works(string deed)
    {
        var plan = new FaultPlan();
        await using var app = await App.StartWithAsync(services =>
        {
            FailingDatabase.With(plan)(services);
            FailingBlobStore.With(plan)(services);
        });
        var ana = await app.SignUpAsync("ana");
        var chat = await app.GroupAsync(ana);

        var (struck, k) = (0, 1);
        for (; k <= Enough; k++)
        {
            var (act, check) = await PrepareAsync(app, ana, chat, deed);
            plan.Arm(k);
            var code = await act().CodeAsync();
            var hasStruck = plan.HasStruck;
            plan.Disarm();

            var where = $"{deed}, call {k}, answered {code}";
            Assert.True(code is null or ErrorCodes.Unavailable or ErrorCodes.OutcomeUnknown, where);
            if (code is not null)
            {
                var second = await act().CodeAsync();
                Assert.True(second is null || (deed == "delete" && second == ErrorCodes.NotFound), $"{where}; the second time {second}");
            }

            await check(where);
            await FileBooks.CheckAsync(app, where);
            await FileBooks.NoOrphanAsync(app, where);
            if (!hasStruck)
                break;
            struck++;
        }

        output.WriteLine($"{deed}: {struck} calls failed one after the other; 0 false acks, books right, 0 orphans");
        Assert.InRange(struck, 3, Enough - 1);
    }

    /// <summary>A deed that can be repeated, and the look whether all that was acknowledged is there; afterwards nothing is open.</summary>
    private static async Task<(Func<Task> Act, Func<string, Task> Check)> PrepareAsync(App app, Person ana, ChatId chat, string deed)
    {
        var word = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString();
        var request = new InitUploadRequest { Filename = "file.bin", Size = Content.Length, ClientId = word, ChatId = deed == "init in a chat" ? chat : null };
        if (deed.StartsWith("init", StringComparison.Ordinal))
        {
            return (() => ana.Files.InitAsync(request), async where =>
            {
                var upload = await ana.Files.InitAsync(request);
                Assert.True(request.ChatId is null == upload.Message is null, where);
                if (upload.Message is { } message)
                    Assert.True((await ana.HistoryAsync(chat, new() { Limit = 200 })).Count(one => one.Id == message.Id) == 1, where);
                await FinishAsync(app, ana, upload.UploadId, where);
            }
            );
        }

        var begun = (await ana.Files.InitAsync(request)).UploadId;
        if (deed == "chunk")
            return (() => ana.Files.SendChunkAsync(begun, 0, Content), where => FinishAsync(app, ana, begun, where, sends: false));
        await ana.Files.SendChunkAsync(begun, 0, Content);
        if (deed == "complete")
            return (() => ana.Files.CompleteAsync(begun), where => FinishAsync(app, ana, begun, where, sends: false));
        return (() => ana.Files.DeleteAsync(begun), where => ana.Files.GetStatusAsync(begun).RefusedAsync(404, ErrorCodes.NotFound));
    }

    private static async Task FinishAsync(App app, Person ana, FileId id, string where, bool sends = true)
    {
        if (sends)
            await ana.Files.SendChunkAsync(id, 0, Content);
        await ana.Files.CompleteAsync(id);
        var stored = await app.StoredAsync(id);
        Assert.True(Content.SequenceEqual(stored), where + ": other bytes");
        await ana.Files.DeleteAsync(id);
    }
}

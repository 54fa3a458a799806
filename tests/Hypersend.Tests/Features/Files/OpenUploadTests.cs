using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

public class OpenUploadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Whoever_comes_while_an_upload_is_being_closed_waits_for_the_last_who_writes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var row = new FileRow { Id = new FileId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), State = FileStates.Uploading, Size = 10, ChunkSize = 1 << 20 };
        var upload = new OpenUpload(new StoredUpload(row, []), now: 0);
        var claim = await upload.ClaimAsync(0, cancellation);
        var closing = upload.CloseAsync();
        Assert.Null(await upload.ClaimAsync(1, cancellation));
        var drained = upload.DrainedAsync();
        Assert.False(drained.IsCompleted);
        claim!.Dispose();
        await drained.WaitAsync(Patience, cancellation);
        await closing.WaitAsync(Patience, cancellation);
    }
}

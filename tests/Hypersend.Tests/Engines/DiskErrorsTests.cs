using Hypersend.Server.Engines.Blobs.Disk;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Tests.Engines;

public sealed class DiskErrorsTests
{
    private const long Beyond = 1L << 60;

    [Fact]
    public void A_file_that_is_longer_than_the_file_system_takes_finds_no_room()
    {
        using var folder = new ScratchFolder();
        using var file = File.OpenHandle(folder.File("long.bin"), FileMode.CreateNew, FileAccess.Write);

        var write = Record.Exception(() => new DiskCalls().Write(file, [new byte[1]], Beyond));

        Assert.SkipWhen(write is null, "The file system of the scratch folder takes files of any length.");
        Assert.IsType<StorageFullException>(DiskErrors.Translate(write!));
    }
}

using System.Security.Cryptography;
using Hypersend.Contracts.Ids;
using Hypersend.EngineSpecs.Engines;
using Hypersend.Server.Features.Files;

namespace Hypersend.EngineSpecs.Blobs;

/// <summary>What is kept, beside what, and for how long.</summary>
public abstract partial class BlobStoreSpec
{
    [Fact]
    public async Task A_deleted_file_is_gone_with_all_that_was_kept_of_it()
    {
        var file = await CreateAsync();
        var part = await WriteAsync(file, Place(0), RandomNumberGenerator.GetBytes(PartLength));
        await Store.KeepAsideAsync(file, "thumbnail", new byte[100], Cancellation);
        await Store.DeleteAsync(file, Cancellation);
        await AssertGoneAsync(file, part);
        Assert.Null(await Store.OpenAsideAsync(file, "thumbnail", Cancellation));
        Assert.DoesNotContain(file, await ListAsync());
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_fine()
    {
        await Store.DeleteAsync(NewId(), Cancellation);
        var file = await CreateAsync();
        await Race.RunAsync(4, _ => Store.DeleteAsync(file, Cancellation));
        await Store.DeleteAsync(file, Cancellation);
    }

    [Fact]
    public async Task Making_the_place_for_a_file_twice_harms_nothing()
    {
        var file = await CreateAsync();
        var bytes = RandomNumberGenerator.GetBytes(PartLength);
        var part = await WriteAsync(file, Place(0), bytes);
        await Store.CreateAsync(file, Cancellation);
        Assert.Equal(bytes, await ReadAsync(file, part));
    }

    [Fact]
    public async Task What_is_kept_aside_comes_back_and_can_be_replaced()
    {
        var file = await CreateAsync();
        Assert.Null(await Store.OpenAsideAsync(file, "thumbnail", Cancellation));
        foreach (var size in new[] { 1, 40_000, 0, 300 })
        {
            var bytes = RandomNumberGenerator.GetBytes(size);
            await Store.KeepAsideAsync(file, "thumbnail", bytes, Cancellation);
            Assert.Equal(bytes, await AsideAsync(file, "thumbnail"));
        }

        await Store.KeepAsideAsync(file, "poster", "another"u8.ToArray(), Cancellation);
        Assert.Equal("another"u8.ToArray(), await AsideAsync(file, "poster"));
        Assert.Equal(300, (await AsideAsync(file, "thumbnail")).Length);
    }

    [Fact]
    public async Task Many_that_keep_the_same_thing_aside_leave_one_of_them_whole()
    {
        var file = await CreateAsync();
        var all = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(50_000)).ToArray();
        await Race.RunAsync(all.Length, i => Store.KeepAsideAsync(file, "thumbnail", all[i], Cancellation));
        Assert.Contains(await AsideAsync(file, "thumbnail"), all);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../thumbnail")]
    [InlineData("a/b")]
    [InlineData("Thumbnail")]
    [InlineData("thumb nail")]
    public async Task A_name_that_could_lead_elsewhere_is_a_bug(string name)
    {
        var file = await CreateAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => Store.KeepAsideAsync(file, name, new byte[1], Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenAsideAsync(file, name, Cancellation));
    }

    [Fact]
    public async Task Every_file_of_which_anything_is_kept_is_listed_once()
    {
        var files = await Race.RunAsync(20, async i =>
        {
            var file = await CreateAsync();
            for (var index = 0; index < 1 + (i % 3); index++)
                await WriteAsync(file, new BlobPlace(index, index, 1), new byte[1]);
            if (i % 2 == 0)
                await Store.KeepAsideAsync(file, "thumbnail", new byte[10], Cancellation);
            return file;
        });
        var lonely = NewId();
        await Store.KeepAsideAsync(lonely, "thumbnail", new byte[10], Cancellation);

        var listed = await ListAsync();
        Assert.Equal(listed.Distinct().Count(), listed.Count);
        Assert.Empty(files.Append(lonely).Except(listed));
    }

    private protected abstract Task AssertGoneAsync(FileId file, BlobPlace part);

    private protected async Task<List<FileId>> ListAsync()
    {
        var files = new List<FileId>();
        await foreach (var file in Store.ListAsync(Cancellation))
            files.Add(file);
        return files;
    }

    private async Task<byte[]> AsideAsync(FileId file, string name)
    {
        await using var open = await Store.OpenAsideAsync(file, name, Cancellation);
        Assert.NotNull(open);
        using var bytes = new MemoryStream();
        await open.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}

using System.Diagnostics;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;

namespace Hypersend.Tests.Features.Files;

/// <summary>Files in memory, and the programs by which other people open ZIPs.</summary>
internal sealed class ZipFixture
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 29, 12, 30, 46, TimeSpan.Zero);
    private readonly Dictionary<FileId, byte[]> _files = [];

    public List<ZipEntry> Entries { get; } = [];

    public ZipFixture Add(string name, byte[] bytes)
    {
        var file = new FileId(new Guid(Entries.Count + 1, 0, 0, new byte[8]));
        _files[file] = bytes;
        Entries.Add(new ZipEntry(name, bytes.Length, Crc32.Of(bytes), Noon, file));
        return this;
    }

    /// <summary>A file of zeros, of which nothing is kept.</summary>
    public ZipFixture AddZeros(string name, long length)
    {
        var crc = Crc32.Of(new byte[length % (1 << 20)]);
        var (piece, pieceLength) = (Crc32.Of(new byte[1 << 20]), 1L << 20);
        for (var rest = length >> 20; rest > 0; rest >>= 1)
        {
            if ((rest & 1) != 0)
                crc = Crc32.Combine(crc, piece, pieceLength);
            piece = Crc32.Combine(piece, piece, pieceLength);
            pieceLength *= 2;
        }
        Entries.Add(new ZipEntry(name, length, crc, Noon, new FileId(new Guid(Entries.Count + 1, 0, 0, new byte[8]))));
        return this;
    }

    public ZipFixture AddSome()
    {
        Add("readme.txt", "hello"u8.ToArray());
        Add("empty.bin", []);
        Add("photos/2024/Zürich 写真 👩‍👧.jpg", [.. Enumerable.Range(0, 70_000).Select(at => (byte)(at * 31))]);
        Add("readme.txt", "another"u8.ToArray());
        Add("README.TXT", "a third"u8.ToArray());
        return this;
    }

    public byte[] Part(ZipPlan plan, long from, long to)
    {
        using var bytes = new MemoryStream();
        Write(plan, from, to, bytes);
        return bytes.ToArray();
    }

    /// <summary>Writes what was asked for; zeros are left out where the target can be sparse.</summary>
    public void Write(ZipPlan plan, long from, long to, Stream target)
    {
        foreach (var slice in plan.Slices(from, to))
        {
            Assert.True(slice.Length > 0);
            if (slice.File is not { } file)
            {
                Assert.Equal(slice.Length, slice.Bytes.Length);
                target.Write(slice.Bytes.Span);
            }
            else if (_files.TryGetValue(file, out var bytes))
            {
                target.Write(bytes, checked((int)slice.Offset), checked((int)slice.Length));
            }
            else
            {
                target.Seek(slice.Length, SeekOrigin.Current);
            }
        }
    }

    public void Write(ZipPlan plan, string path)
    {
        using var file = File.Create(path);
        Write(plan, 0, plan.Length - 1, file);
        Assert.Equal(plan.Length, file.Length);
    }

    /// <summary>What a program says, when it is installed and content.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
        Assert.SkipUnless(found, $"{program} is not installed.");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program}: {await output}{await errors}");
        return await output;
    }
}

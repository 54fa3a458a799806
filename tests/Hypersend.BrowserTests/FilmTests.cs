using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Hypersend.BrowserTests;

/// <summary>What is still being uploaded plays already, and can be searched for a place: by HTTP ranges and nothing else. Where a browser cannot show it, it is a file.</summary>
public sealed class FilmTests(Chromium chromium, AppServer server)
{
    private const int Chunk = 1 << 20;
    private const int Seconds = 60;
    private const int SamplesPerSecond = 44_100;

    private const string Open =
        """
        url => new Promise((resolve, reject) => {
          const film = document.body.appendChild(document.createElement('video'));
          film.muted = true;
          film.onloadedmetadata = () => resolve(film.duration);
          film.onerror = () => reject(new Error(film.error.message));
          film.src = url;
        })
        """;

    private const string PlayFrom =
        """
        async at => {
          const film = document.querySelector('video');
          film.currentTime = at;
          await film.play();
          while (film.currentTime < at + 0.2)
            await new Promise(resolve => film.addEventListener('timeupdate', resolve, { once: true }));
          film.pause();
          return film.currentTime;
        }
        """;

    [Fact]
    public async Task A_film_plays_and_seeks_while_it_is_still_uploading()
    {
        var sound = Sound();
        var ana = await server.SignUpAsync("director");
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "scene.wav", Size = sound.Length, ChunkSize = Chunk, Mime = "audio/wav" });
        for (var chunk = 0; chunk < 2; chunk++)
            await SendAsync(chunk);
        await using var context = await chromium.OpenAsync(server.Address, 1280, 800);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/");

        Assert.Equal(Seconds, await page.EvaluateAsync<double>(Open, (await ana.Files.GetUrlAsync(upload.FileId)).Url), precision: 1);
        Assert.InRange(await page.EvaluateAsync<double>(PlayFrom, 5), 5.2, 10);

        // The second half of the sound is not on the server yet: the player waits for it, and goes on when it comes.
        var later = page.EvaluateAsync<double>(PlayFrom, 50);
        Assert.Equal("uploading", (await ana.Files.GetAsync(upload.FileId)).State);
        Assert.False(later.IsCompleted);
        for (var chunk = 2; chunk * Chunk < sound.Length; chunk++)
            await SendAsync(chunk);
        Assert.InRange(await later, 50.2, 55);
        Assert.InRange(await page.EvaluateAsync<double>(PlayFrom, 1), 1.2, 6);
        await ana.Files.CompleteAsync(upload.UploadId);
        Assert.InRange(await page.EvaluateAsync<double>(PlayFrom, 30), 30.2, 35);

        Task SendAsync(int chunk) => ana.Files.SendChunkAsync(upload.UploadId, chunk, sound.AsMemory(chunk * Chunk, Math.Min(Chunk, sound.Length - chunk * Chunk)));
    }

    [Fact]
    public async Task A_film_of_which_there_is_no_picture_keeps_its_name_and_its_size()
    {
        var ana = await server.SignUpAsync("projectionist");
        var chat = await ana.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Group, Name = "Reels" });
        var upload = await ana.Files.InitAsync(new InitUploadRequest { Filename = "reel-7.mkv", Size = 2_000, Mime = "video/matroska", ChatId = chat.Id });
        await ana.Files.SendChunkAsync(upload.UploadId, 0, new byte[2_000]);
        await ana.Files.CompleteAsync(upload.UploadId);
        await using var context = await chromium.OpenAsync(server.Address, 400, 850);
        var page = await context.NewPageAsync();
        await page.EnterAsync("projectionist", $"/c/{chat.Id}");

        await Expect(page.Locator(".bubble .file-name")).ToHaveTextAsync("reel-7.mkv");
        await Expect(page.Locator(".bubble .file-line")).ToContainTextAsync("2 kB");
        await Expect(page.Locator(".bubble").GetByRole(AriaRole.Button, new() { Name = "Preview" })).ToBeVisibleAsync();
    }

    /// <summary>A minute of noise in a WAV file: it needs no index, so that every byte is a moment.</summary>
    private static byte[] Sound()
    {
        const int Head = 44;
        var sound = new byte[Head + Seconds * SamplesPerSecond * 2];
        RandomNumberGenerator.Fill(sound.AsSpan(Head));
        Encoding.ASCII.GetBytes("RIFF....WAVEfmt ", sound);
        Encoding.ASCII.GetBytes("data", sound.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(4), sound.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(24), SamplesPerSecond);
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(28), SamplesPerSecond * 2);
        BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(34), 16);
        BinaryPrimitives.WriteInt32LittleEndian(sound.AsSpan(40), sound.Length - Head);
        return sound;
    }
}

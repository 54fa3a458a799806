using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.EngineSpecs.Engines;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

/// <summary>What is not as it should be becomes a sentence and a code, and nothing is lost by it.</summary>
public sealed class TroubleTests(App app) : IClassFixture<App>
{
    private const int Mega = 1 << 20;
    private const long MoreThanAServerTakes = 41L << 30;

    [Fact]
    public async Task Of_several_files_one_that_changes_and_one_that_vanishes_keep_no_other_back()
    {
        var ana = await app.SignUpAsync("ana");
        await using var proxy = new FaultProxy(app.Address.Host, app.Address.Port);
        using var machine = new Machine();
        await machine.ThroughAsync(proxy, ana);
        using var folder = new ScratchFolder();
        var (changes, vanishes, stays) = (folder.Write("changes.bin", Bytes.Of(5 * Mega)), folder.Write("vanishes.txt", "two"u8.ToArray()), folder.Write("stays.txt", "three"u8.ToArray()));
        string[] words = ["upload", changes, vanishes, stays, "--to", "me", "--chunk-size", "1", "--lanes", "2"];
        proxy.StallAfter(3 * Mega);

        using var process = machine.Start(words);
        await machine.BegunAsync(ana, Mega);
        await File.AppendAllTextAsync(changes, "more", TestContext.Current.CancellationToken);
        File.Delete(vanishes);
        proxy.Resume();
        var outcome = (await process.EndedAsync()).Failed(ExitCodes.Failed);

        Assert.Contains("changes.bin changed while it was sent", outcome.Error);
        Assert.Contains("vanishes.txt is not there any more", outcome.Error);
        Assert.Contains("2 of 3 files were not sent", outcome.Error);
        Assert.Equal(["stays.txt"], await ReadyAsync(ana));
        Assert.Empty(machine.Noted("uploads"));

        folder.Write("vanishes.txt", "two"u8.ToArray());
        Assert.Contains("1 of 3 files have arrived before", (await machine.RunAsync(words)).Succeeded().Error);
        Assert.Equal(["changes.bin", "stays.txt", "vanishes.txt"], await ReadyAsync(ana));
    }

    [Fact]
    public async Task The_same_command_sends_only_what_is_missing_until_all_of_it_has_arrived()
    {
        var ana = await app.SignUpAsync("ana");
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        folder.Write("photos/a.txt", "a"u8.ToArray());
        folder.Write("photos/sea/c.txt", "c"u8.ToArray());
        string[] words = ["upload", folder.File("photos"), "--to", "me", "--json"];
        void Resize(long size)
        {
            using var file = File.OpenWrite(folder.File("photos/b.bin"));
            file.SetLength(size);
        }

        Resize(MoreThanAServerTakes);
        var first = (await machine.RunAsync(words)).Failed(ExitCodes.Failed);
        Assert.Contains("b.bin", first.Error);
        Assert.Contains("\"failed\"", first.Out);
        Assert.Equal(["a.txt", "c.txt"], await ReadyAsync(ana));

        // Somebody deletes one of them: it is not there any more, and is sent again.
        await ana.Files.DeleteAsync((await ana.Files.ListAsync()).Items.Single(file => file.Filename == "a.txt").Id);
        Resize(3);
        var second = (await machine.RunAsync(words)).Succeeded();
        Assert.Contains("1 of 3 files have arrived before and are not sent again", second.Error);
        Assert.Contains(second.Lines, line => line.Contains("\"skipped\"", StringComparison.Ordinal) && line.Contains("photos/sea/c.txt", StringComparison.Ordinal));
        Assert.Equal(["a.txt", "b.bin", "c.txt"], await ReadyAsync(ana));
        Assert.Empty(machine.Noted("arrived"));

        // All had arrived: the same command means to send them once more. So does --again when not all had.
        Resize(MoreThanAServerTakes);
        Assert.DoesNotContain("arrived before", (await machine.RunAsync(words)).Failed(ExitCodes.Failed).Error);
        Resize(3);
        Assert.DoesNotContain("skipped", (await machine.RunAsync([.. words, "--again"])).Succeeded().Out);
        Assert.Equal(["a.txt", "a.txt", "a.txt", "b.bin", "b.bin", "c.txt", "c.txt", "c.txt"], await ReadyAsync(ana));
    }

    [Fact]
    public async Task Where_one_may_not_write_nothing_is_begun()
    {
        var (ana, ben) = (await app.SignUpAsync("ana"), await app.SignUpAsync("ben"));
        var channel = await ben.ChannelAsync();
        await ben.Chats.AddMembersAsync(channel, [ana.Id]);
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        var foreign = await ben.SendFileAsync(null, "private"u8.ToArray());

        var refused = (await machine.SpawnAsync("", "upload", folder.Write("a.txt", [1]), "--to", channel.ToString())).Failed(ExitCodes.NotThere);
        (await machine.RunAsync("download", foreign.ToString(), "-o", folder.Path)).Failed(ExitCodes.NotThere);
        var removed = await ana.SendFileAsync(null, "mine"u8.ToArray());
        await ana.Files.DeleteAsync(removed);
        Assert.Contains("removed", (await machine.RunAsync("download", removed.ToString(), "-o", folder.Path)).Failed(ExitCodes.NotThere).Error);

        Assert.NotEqual("", refused.Error);
        Assert.DoesNotContain(" at ", refused.Error, StringComparison.Ordinal);
        Assert.Empty(machine.Noted("uploads"));
        Assert.Equal([folder.File("a.txt")], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_named_with_what_to_do_and_that_helps()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=hypersend-test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var folder = new ScratchFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var end = new CancellationTokenSource();
        var serving = ServeAsync(listener, certificate, end.Token);
        using var machine = new Machine();
        string[] words = ["login", $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "-u", "ana", "--password-stdin"];

        var refused = (await machine.SpawnAsync("secret\n", words)).Failed(ExitCodes.ServerAway);
        Assert.Contains("no certificate that this machine trusts", refused.Error);
        Assert.Contains("SSL_CERT_FILE", refused.Error);

        machine.Variables["SSL_CERT_FILE"] = folder.Write("own.pem", System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
        Assert.Contains("no Hypersend server", (await machine.SpawnAsync("secret\n", words)).Failed(ExitCodes.ServerAway).Error);
        await end.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_full_disk_is_told_and_with_room_the_same_command_goes_on()
    {
        var ana = await app.SignUpAsync("ana");
        var bytes = Bytes.Of(3 * Mega);
        var id = await ana.SendFileAsync(null, bytes);
        using var machine = new Machine();
        await machine.OfAsync(app, ana);
        using var folder = new ScratchFolder();
        var disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        Assert.SkipUnless(await ShellAsync($"mount -t tmpfs -o size=2m tmpfs '{disk}'"), "A file system of its own cannot be mounted here.");
        try
        {
            var full = (await machine.SpawnAsync("", "download", id.ToString(), "-o", disk)).Failed(ExitCodes.NoRoom);
            Assert.Contains("Make room", full.Error);
            Assert.True(await ShellAsync($"mount -o remount,size=8m '{disk}'"));
            (await machine.SpawnAsync("", "download", id.ToString(), "-o", disk)).Succeeded();
            Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(disk, "film.bin"), TestContext.Current.CancellationToken));
        }
        finally
        {
            await ShellAsync($"umount '{disk}'");
        }
    }

    private static async Task<IEnumerable<string>> ReadyAsync(Person person) =>
        (await person.Files.ListAsync()).Items.Where(file => file.State == FileStates.Ready).Select(file => file.Filename).Order(StringComparer.Ordinal);

    private static async Task<bool> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardError = true })!;
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return shell.ExitCode == 0;
    }

    /// <summary>Shows the certificate, and to whoever takes it says something that no Hypersend server says.</summary>
    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate, CancellationToken end)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end);
                await using var line = new SslStream(client.GetStream());
                try
                {
                    await line.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end);
                    await line.ReadExactlyAsync(new byte[4], end);
                    await line.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"u8.ToArray(), end);
                }
                catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The other side does not trust it.
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return;
        }
    }
}

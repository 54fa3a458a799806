// Sends every file of a folder to my saved messages, and skips what is there already with the same name and size:
//
//   HYPERSEND_PASSWORD=... dotnet run --project samples/FolderBackup -- https://chat.example.org ana ~/Documents
//
// Each file goes in several chunks at once, checked by their digests; broken lines and restarts of the server are waited out.
using Hypersend.Contracts.Accounts;
using Hypersend.Contracts.Chats;
using Hypersend.Contracts.Files;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

if (args is not [var server, var name, var folder] || Environment.GetEnvironmentVariable("HYPERSEND_PASSWORD") is not { } password)
{
    Console.Error.WriteLine("usage: HYPERSEND_PASSWORD=... FolderBackup SERVER USER FOLDER");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var client = new HypersendClient(new Uri(server));
await client.Accounts.LoginAsync(new LoginRequest { Login = name, Password = password }, stop.Token);
var saved = await client.Chats.CreateAsync(new CreateChatRequest { Type = ChatTypes.Saved }, stop.Token);
var there = new HashSet<(string, long?)>();
for (string? cursor = null; ;)
{
    var page = await client.Files.ListOfChatAsync(saved.Id, cursor, cancellation: stop.Token);
    there.UnionWith(page.Items.Where(file => file.State == FileStates.Ready).Select(file => (file.Path ?? file.Filename, file.Size)));
    if ((cursor = page.NextCursor) is null)
        break;
}

foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
{
    var relative = Path.GetRelativePath(folder, path).Replace('\\', '/');
    using var source = UploadSource.OfFile(path);
    if (there.Contains((relative, source.Size)))
        continue;
    var upload = client.Files.Upload(source, new InitUploadRequest { Filename = Path.GetFileName(path), Path = relative, ChatId = saved.Id });
    upload.Progressed += progress => Console.Write($"\r{relative}  {progress.Bytes:N0} of {progress.TotalBytes:N0} bytes ");
    var done = await upload.RunAsync(stop.Token);
    Console.WriteLine($"\r{relative}  {done.Sha256Root}");
}

return 0;

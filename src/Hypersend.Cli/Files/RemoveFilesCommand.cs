using System.CommandLine;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Files;

/// <summary>Deletes files of mine; an upload on its way is cancelled.</summary>
internal sealed class RemoveFilesCommand : Verb
{
    private readonly Argument<string[]> _ids = new("ID") { Description = "The file's id, as \"hypersend ls\" shows it.", Arity = ArgumentArity.OneOrMore };

    public RemoveFilesCommand(Workplace place)
        : base(place, "rm", "Delete files of yours from the server.") => Add(_ids);

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        using var signedIn = Place.SignIn(line);
        foreach (var id in line.GetRequiredValue(_ids))
        {
            await signedIn.Client.Files.DeleteAsync(FileId.Parse(id, null), cancellation: cancellation);
            Screen.Note($"Deleted {id}.");
        }
    }
}

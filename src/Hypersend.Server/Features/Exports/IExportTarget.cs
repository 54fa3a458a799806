namespace Hypersend.Server.Features.Exports;

/// <summary>Where an export goes, one piece after the other.</summary>
internal interface IExportTarget : IAsyncDisposable
{
    /// <summary>Takes what the writer writes, under a name with strokes for folders.</summary>
    Task PutAsync(string name, Func<Stream, Task> write);

    /// <summary>Makes all of it durable, under the name it was to have.</summary>
    Task FinishAsync();
}

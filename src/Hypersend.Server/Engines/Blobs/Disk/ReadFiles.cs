using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Engines.Blobs.Disk;

/// <summary>Which files somebody reads at the moment. A reader enters once and leaves once.</summary>
internal sealed class ReadFiles
{
    private readonly Dictionary<FileId, int> _readers = [];

    public bool Has(FileId file)
    {
        lock (_readers)
            return _readers.ContainsKey(file);
    }

    public void Enter(FileId file)
    {
        lock (_readers)
            _readers[file] = _readers.GetValueOrDefault(file) + 1;
    }

    public void Leave(FileId file)
    {
        lock (_readers)
        {
            if (_readers[file] == 1)
                _readers.Remove(file);
            else
                _readers[file]--;
        }
    }
}

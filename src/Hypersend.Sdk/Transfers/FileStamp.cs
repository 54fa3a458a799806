using Microsoft.Win32.SafeHandles;

namespace Hypersend.Sdk.Transfers;

/// <summary>How a file was when it was begun to be sent.</summary>
internal sealed class FileStamp
{
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly long _written;

    private FileStamp(SafeFileHandle file) => (_file, _length, _written) = (file, RandomAccess.GetLength(file), WrittenAt(file));

    /// <summary>Null when the bytes are of no file.</summary>
    public static FileStamp? Of(Stream source) => source is FileStream file ? new FileStamp(file.SafeFileHandle) : null;

    /// <exception cref="FileChangedException">It is another file now.</exception>
    public void Check()
    {
        if (RandomAccess.GetLength(_file) != _length || WrittenAt(_file) != _written)
            throw new FileChangedException();
    }

    private static long WrittenAt(SafeFileHandle file) => File.GetLastWriteTimeUtc(file).Ticks;
}

internal sealed class FileChangedException() : Exception("the file changed while it was sent");

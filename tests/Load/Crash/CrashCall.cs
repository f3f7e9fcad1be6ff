namespace AiPlatform.Load.Crash;

/// <summary>One call, as its client and the upstream saw it. The marker is its prompt and its correlation id.</summary>
internal sealed class CrashCall(string marker, Guid userId, DateTimeOffset sentAt)
{
    public string Marker { get; } = marker;

    public Guid UserId { get; } = userId;

    /// <summary>When the client sent it.</summary>
    public DateTimeOffset SentAt { get; } = sentAt;

    /// <summary>The status that the client read; <see langword="null"/> where the connection broke first.</summary>
    public int? Status { get; set; }

    /// <summary>How often the upstream was asked.</summary>
    public int Asked { get; set; }

    /// <summary>When the upstream was asked first.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>How often the upstream sent an answer that has to be paid for.</summary>
    public int Answered { get; set; }

    /// <summary>Whether the upstream refused it, so that it costs nothing.</summary>
    public bool IsRefused { get; set; }

    public override string ToString() =>
        $"{Marker} of user {UserId}: sent {SentAt:HH:mm:ss.ffffff}, client saw {Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"}, "
        + $"upstream asked {Asked} times, answered {Answered} times{(IsRefused ? ", refused" : string.Empty)}";
}

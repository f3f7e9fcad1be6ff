namespace AiPlatform.Domain.Metering;

/// <summary>A call that was answered with an earlier answer.</summary>
/// <param name="EarlierRequestId">The call whose answer it is.</param>
/// <param name="UserId">Who called.</param>
/// <param name="ApiKeyId">The API key that the call was made with, itself or through a token that was issued to it.</param>
/// <param name="Model">Public name of the model.</param>
public readonly record struct CallReuse(Guid EarlierRequestId, Guid UserId, Guid ApiKeyId, string Model);

/// <summary>What an answer had cost.</summary>
/// <param name="Money">Nano-USD, of a wallet or a budget; zero where none paid.</param>
/// <param name="Credits">Thousandths of a credit; zero where none paid.</param>
public readonly record struct Saving(long Money, long Credits);

/// <summary>What a call was spared because an earlier answer was given again; written in the transaction of its audit record, append-only.</summary>
public sealed class SavedCall
{
    private SavedCall()
    {
        Model = string.Empty;
    }

    /// <summary>Notes a saving.</summary>
    /// <param name="requestId">The call.</param>
    /// <param name="reuse">Who was given which answer.</param>
    /// <param name="saving">What the answer had cost.</param>
    /// <param name="now">The time of the call.</param>
    public SavedCall(Guid requestId, CallReuse reuse, Saving saving, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(saving.Money, nameof(saving));
        ArgumentOutOfRangeException.ThrowIfNegative(saving.Credits, nameof(saving));
        RequestId = requestId;
        (EarlierRequestId, UserId, ApiKeyId, Model) = reuse;
        (Money, Credits) = saving;
        Day = DateOnly.FromDateTime(now.UtcDateTime);
    }

    /// <summary>The call.</summary>
    public Guid RequestId { get; private set; }

    /// <summary>The call whose answer was given again.</summary>
    public Guid EarlierRequestId { get; private set; }

    /// <summary>Who called.</summary>
    public Guid UserId { get; private set; }

    /// <summary>The API key that the call was made with.</summary>
    public Guid ApiKeyId { get; private set; }

    /// <summary>Public name of the model.</summary>
    public string Model { get; private set; }

    /// <summary>The day of the call, UTC.</summary>
    public DateOnly Day { get; private set; }

    /// <summary>What the answer had cost a wallet or a budget, in nano-USD.</summary>
    public long Money { get; private set; }

    /// <summary>What the answer had cost in thousandths of a credit.</summary>
    public long Credits { get; private set; }
}

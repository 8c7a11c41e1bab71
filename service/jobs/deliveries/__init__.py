"""Delivers artifacts of a job to the destination in its request: a pre-signed URL, a bucket, a mail address.

Each delivery is a row of the outbox, written in the transaction that ends the job. `jobs.webhooks.deliverer` claims it, `senders`
makes one attempt. Start reading at `senders.SENDERS`.
"""

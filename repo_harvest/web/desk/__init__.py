"""The pages of those who look after the collection, under /admin/: each kind of page a module, all of it without scripts.

Nothing changes by GET. A form that was filled in is answered by 303 and a way of ours, never by an address from the request:
none is read from it. Managers ask, and schedulers read pages (`store.steering`, `store.previews`): no page waits for one.
"""

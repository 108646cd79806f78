# There is no connection to the server.
no-connection = no connection
